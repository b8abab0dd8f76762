/** What hostile pipelines ask of containers and pods, and what of it comes to the engine or the cluster: without either of them. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { type ContainerSettings, LOCAL_PROFILE } from "@/server/domain/profile";
import { containerBody } from "../../../executors/docker/container-body";
import type { ContainerOrder, Mount, PodOrder } from "../../../executors/executor";
import { podBody } from "../../../executors/kubernetes/pod-body";
import { attemptPaths } from "../../attempt-folder";
import { type AttemptRequest, StartRefusal } from "../../contract";
import { attemptBench, container, givenVault, step } from "../../testing";
import { readable } from "./mounts";
import { containerOrder } from "./order";

const EXECUTORS = ["docker", "kubernetes"] as const;
type Executor = (typeof EXECUTORS)[number];

let bench: ReturnType<typeof attemptBench>;
beforeEach(() => {
  bench = attemptBench();
  mkdirSync(bench.folders.run(1), { recursive: true });
});
afterEach(() => bench.close());

type Platform = { readonly [name: string]: JsonValue };

const requestFor = (
  executor: Executor,
  platform: Platform = {},
  settings: Partial<ContainerSettings> = {},
): AttemptRequest => {
  const pod = { address: "http://penstock:8080", ...settings.pod };
  const profile = { ...LOCAL_PROFILE, executor, container: { ...settings, pod } };
  return bench.request({ ...step(container({})), platform }, { run: { ...bench.run, profile } });
};

function ordered(request: AttemptRequest, image = "python:3", mounts: readonly Mount[] = []): ContainerOrder {
  const tools = { dataDir: bench.folders, vault: givenVault(), root: bench.folders.run(1) };
  const wanted = { image, usesEntrypoint: false, cwd: null, mounts };
  return containerOrder(request, attemptPaths(bench.folders, request), tools, wanted);
}

const SPEC = { id: "run-1/1/1", directory: "/d", graceMs: 1_000, argv: ["true"], cwd: "/d", env: { A: "b" } };

const asContainer = (order: ContainerOrder) =>
  containerBody(SPEC, order, "f", { isRootless: false, isPodman: false }, { uid: 7, gid: 8 }) as {
    readonly HostConfig: { readonly [name: string]: unknown };
  };

interface Body {
  readonly metadata: { readonly labels: object; readonly annotations: object };
  readonly spec: { readonly [name: string]: unknown };
}
const asPod = (order: ContainerOrder): Body => {
  if (order.pod === undefined) throw new Error("no pod was ordered");
  const withPod: ContainerOrder & { readonly pod: PodOrder } = { ...order, pod: order.pod };
  return podBody(SPEC, withPod, "fence-of-its-own", "token", { fetch: "", step: "" }) as Body;
};

describe.each(EXECUTORS)("under a profile for %s a step", (executor) => {
  it("is refused a folder of this machine that the profile does not allow, also behind a link", () => {
    const link = join(bench.folders.run(1), "link");
    symlinkSync("/etc", link);
    for (const path of ["/", "/etc", "/etc/shadow", "/var/run", "/proc", "/sys", `${bench.folders.runs}/../..`, link]) {
      expect(() => ordered(requestFor(executor), "python:3", [readable(path)])).toThrow(/does not allow/);
    }
    const allowing = requestFor(executor, {}, { mounts: ["/etc"] });
    expect(ordered(allowing, "python:3", [readable("/etc/hostname")]).mounts).toMatchObject([
      { path: "/etc/hostname", isWritable: false },
    ]);
    expect(() => ordered(allowing, "python:3", [readable("/etcetera")])).toThrow(StartRefusal);
    expect(() => ordered(allowing, "python:3", [readable("/usr")])).toThrow(/does not allow/);
  });

  it("takes nothing in an image's name for anything but a name", () => {
    const names = ["--privileged", "-v/:/host", "a b", "a\n", "", "../x", "x@y", "http://x/y", "x;id", "$(id)", "a\0"];
    for (const image of names) expect(() => ordered(requestFor(executor), image)).toThrow(/no name of an image/);
  });
});

/** What a pipeline may try to say of its pod: true Kubernetes, none of it for steps. */
const HOSTILE: Platform = {
  securityContext: {
    privileged: true,
    allowPrivilegeEscalation: true,
    capabilities: { add: ["SYS_ADMIN"] },
    procMount: "Unmasked",
    seccompProfile: { type: "Unconfined" },
    runAsUser: "0",
  },
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  hostUsers: true,
  shareProcessNamespace: true,
  nodeName: "control-plane",
  serviceAccountName: "cluster-admin",
  automountServiceAccountToken: true,
  hostPath: [{ path: "/", mountPath: "/host" }],
  volumes: [{ name: "host", hostPath: { path: "/" } }],
  volumeDevices: [{ name: "disk", devicePath: "/dev/sda" }],
  pvcMount: [{ mountPath: "/d", pvcName: "data", hostPath: { path: "/" } }],
  secretAsVolume: [{ mountPath: "/s", secretName: "s", hostPath: { path: "/" } }],
  emptyDirMounts: [{ mountPath: "/e", hostPath: { path: "/" } }],
  genericEphemeralVolume: [{ mountPath: "/g", size: "1Gi", hostPath: { path: "/" } }],
  initContainers: [{ name: "i", image: "i", securityContext: { privileged: true } }],
  sidecars: [{ name: "s", image: "s", securityContext: { privileged: true } }],
  containers: [{ name: "c", image: "c" }],
  podSpecPatch: '{"hostNetwork":true}',
  podMetadata: {
    labels: { "penstock.dev/fence": "another", "penstock.dev/run": "another", team: "a" },
    annotations: {
      "penstock.dev/directory": "/",
      "penstock.task": "another",
      "container.apparmor.security.beta.kubernetes.io/main": "unconfined",
      "container.seccomp.security.alpha.kubernetes.io/main": "unconfined",
      "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
      "sidecar.istio.io/inject": "false",
    },
  },
};

const POD_KEYS = new Set([
  ...["restartPolicy", "enableServiceLinks", "automountServiceAccountToken", "terminationGracePeriodSeconds"],
  ...["imagePullSecrets", "nodeSelector", "tolerations", "affinity", "securityContext", "volumes"],
  ...["initContainers", "containers"],
]);
const CONTAINER_KEYS = new Set([
  ...["name", "image", "imagePullPolicy", "command", "args", "env", "workingDir", "resources"],
  ...["securityContext", "volumeMounts"],
]);
const USER_KEYS = new Set(["runAsUser", "runAsGroup", "runAsNonRoot"]);
const SOURCES = new Set(["name", "emptyDir", "persistentVolumeClaim", "secret", "configMap", "ephemeral"]);

/** Everything in a pod that is not on the short list of what steps may have. */
function strange({ spec }: Body): string[] {
  const beyond = (what: string, value: unknown, known: ReadonlySet<string>): string[] =>
    Object.keys(value ?? {}).flatMap((key) => (known.has(key) ? [] : [`${what}.${key}`]));
  const list = (name: string) => spec[name] as readonly { readonly [key: string]: unknown }[];
  const containers = [...list("containers"), ...list("initContainers")];
  return [
    ...beyond("pod", spec, POD_KEYS),
    ...beyond("security", spec.securityContext, USER_KEYS),
    ...list("volumes").flatMap((volume) => beyond("volume", volume, SOURCES)),
    ...containers.flatMap((one) => beyond("container", one, CONTAINER_KEYS)),
    ...containers.flatMap(({ securityContext }) =>
      JSON.stringify(securityContext) === '{"allowPrivilegeEscalation":false}' ? [] : ["container.securityContext"],
    ),
    ...(containers.length === 2 ? [] : [`${containers.length} containers`]),
    ...(spec.automountServiceAccountToken === false ? [] : ["token"]),
  ];
}

describe("a hostile platform document", () => {
  it("gives its pod no privilege, no part of its node, no further container and no name of ours", () => {
    const { metadata, ...body } = asPod(ordered(requestFor("kubernetes", HOSTILE)));
    expect(strange({ metadata, ...body })).toEqual([]);
    expect(JSON.stringify(body)).not.toMatch(/hostPath|privileged|SYS_ADMIN|Unmasked|Unconfined|cluster-admin/);
    expect(metadata.labels).toEqual({
      team: "a",
      "penstock.dev/run": "run-1",
      "penstock.dev/fence": "fence-of-its-own",
    });
    expect(metadata.annotations).toMatchObject({ "penstock.task": "a", "penstock.dev/directory": "/d" });
    expect(Object.keys(metadata.annotations).filter((key) => /apparmor|seccomp/.test(key))).toEqual([]);
    expect(metadata.annotations).toHaveProperty(["sidecar.istio.io/inject"], "false");
  });

  it("gives its container nothing at all of that", () => {
    const plain = asContainer(ordered(requestFor("docker")));
    const { emptyDirMounts, pvcMount, secretAsVolume, genericEphemeralVolume, ...rest } = HOSTILE;
    expect(asContainer(ordered(requestFor("docker", rest)))).toEqual({
      ...plain,
      Labels: expect.objectContaining({ "penstock.fence": "f", "penstock.directory": "/d" }),
    });
    expect(plain.HostConfig).toMatchObject({ Privileged: false, SecurityOpt: ["no-new-privileges"] });
  });

  it("gives no pod more, whatever stands where", () => {
    const keys = Object.keys(HOSTILE);
    const value = fc.oneof(fc.constantFrom(...Object.values(HOSTILE)), fc.jsonValue() as fc.Arbitrary<JsonValue>);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value), (platform) => {
        expect(strange(asPod(ordered(requestFor("kubernetes", platform))))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
