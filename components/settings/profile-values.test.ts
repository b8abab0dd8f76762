import { expect, it } from "vitest";
import { LOCAL_PROFILE } from "@/server/domain/profile";
import { profileValues, readProfile } from "./profile-values";

const NEW = { ...profileValues(null), name: "gpu" };

it("an untouched form makes the profile it shows", () => {
  const profile = {
    ...LOCAL_PROFILE,
    name: "gpu",
    isDefault: true,
    createdAt: "",
    updatedAt: null,
    capacity: 3,
    python: "python3.12",
    environment: { A: "1" },
    imageMap: { "x/y:1": "z" },
    graceMs: 2_500,
    executor: "docker" as const,
    limits: {
      memoryBytes: 1536 * 2 ** 20,
      cpus: 0.5,
      sharedMemoryBytes: null,
      gpus: 1,
      totalCpus: 8,
      totalMemoryBytes: 2 ** 36,
    },
    container: {
      engine: "unix:///x.sock",
      pull: "always" as const,
      registrySecret: "registry",
      network: "none",
      user: "1000:1000",
      image: "python:3.11",
      isReadOnly: true,
      mounts: ["/data", "/srv/models"],
      keepMs: 600_000,
    },
  };
  const { createdAt: _, updatedAt: __, ...input } = profile;
  expect(readProfile(profileValues(profile))).toEqual({ ok: true, input });
});

it("an untouched form of a profile of pods makes the profile it shows", () => {
  const pod = {
    kubeconfig: "/etc/kube/config",
    context: "lab",
    namespace: "steps",
    serviceAccount: "runner",
    address: "http://10.0.0.1:8080",
    claim: null,
    helperImage: "busybox:1.37-musl",
    patienceMs: 300_000,
    template: { tolerations: [{ key: "gpu", operator: "Exists" as const }], requests: { cpu: "500m" } },
  };
  const profile = {
    ...LOCAL_PROFILE,
    name: "cluster",
    isDefault: true,
    createdAt: "",
    updatedAt: null,
    executor: "kubernetes" as const,
    container: { pod },
  };
  expect(readProfile(profileValues(profile))).toMatchObject({
    ok: true,
    input: { executor: "kubernetes", container: { pod } },
  });
});

it("empty fields mean the server's own", () => {
  expect(readProfile(NEW)).toMatchObject({ ok: true, input: { capacity: null, python: null, workingDirectory: null } });
});

it.each([
  [{ name: "Not A Name" }, "name"],
  [{ capacity: "0" }, "capacity"],
  [{ memoryBytes: "plenty" }, "memoryBytes"],
  [{ memoryBytes: "1Ki" }, "memoryBytes"],
  [{ cpus: "-1" }, "cpus"],
  [{ gpus: "0.5" }, "gpus"],
  [{ mounts: "data" }, "mounts"],
  [{ mounts: "/data/../etc" }, "mounts"],
  [{ network: "container:other" }, "network"],
  [{ user: "a b" }, "user"],
  [{ keepMs: "soon" }, "keepMs"],
  [{ executor: "kubernetes" as const, address: "penstock:80" }, "address"],
  [{ executor: "kubernetes" as const, template: "labels: [" }, "template"],
  [{ executor: "kubernetes" as const, template: "hostNetwork: true" }, "template"],
  [{ executor: "kubernetes" as const, patienceMs: "long" }, "patienceMs"],
  [{ capacity: "many" }, "capacity"],
  [{ grace: "" }, "graceMs"],
  [{ workingDirectory: "relative" }, "workingDirectory"],
  [{ environment: [{ id: 0, name: "1A", value: "" }] }, "environment"],
])("%j is refused at its field", (change, field) => {
  const read = readProfile({ ...NEW, ...change });
  expect(read.ok ? [] : read.errors.map((error) => error.fieldId)).toEqual([`profile-${field}`]);
});
