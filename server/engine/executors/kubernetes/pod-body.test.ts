/** The pod of an attempt, setting by setting: what is asked for stands in it, and nothing else does. */
import { describe, expect, it } from "vitest";
import { expandEnvironment } from "@/server/domain/kfp/environment";
import type { ContainerOrder, PodOrder, StartSpec } from "../executor";
import { literal, podBody, podName } from "./pod-body";

const FENCE = "0b5cbb2e-6d3f-4a0e-9d55-2f8f6a9b1c11";
const DIRECTORY = "/data/runs/3/7/1";

const POD: PodOrder = {
  cluster: { kubeconfig: null, context: null, namespace: null },
  files: { by: "sending", address: "http://penstock:8080/api/pods/3/7/1/files" },
  helperImage: "busybox:1.37-musl",
  patienceMs: 60_000,
  serviceAccount: null,
  imagePullSecrets: [],
  labels: {},
  annotations: {},
  nodeSelector: {},
  tolerations: [],
  affinity: null,
  priorityClassName: null,
  runtimeClassName: null,
  security: {},
  requests: {},
  extraLimits: {},
  volumes: [],
  fields: [],
};

const ORDER: ContainerOrder = {
  image: "python:3.12",
  usesEntrypoint: false,
  cwd: null,
  mounts: [
    { path: `${DIRECTORY}/work`, isWritable: true },
    { path: "/data/runs/3/6/1/out/data", isWritable: false },
  ],
  pull: "missing",
  credentials: null,
  network: null,
  user: null,
  isReadOnly: false,
  cpus: null,
  sharedMemoryBytes: null,
  gpus: null,
  labels: { "penstock.task": "train/[3]/fit" },
};

const SPEC: StartSpec = {
  id: "9f8e/7/1",
  directory: DIRECTORY,
  graceMs: 2_500,
  argv: ["python3", "-c", "print('$(HOME) $$')"],
  cwd: `${DIRECTORY}/work`,
  env: { A: "$(B)" },
};

const SCRIPTS = { fetch: 'echo "$1"', step: 'exec "$@"' };

interface Body {
  readonly metadata: { readonly [key: string]: unknown };
  readonly spec: {
    readonly [key: string]: unknown;
    readonly containers: readonly { readonly [key: string]: unknown }[];
  };
}

const built = (order: Partial<ContainerOrder> = {}, pod: Partial<PodOrder> = {}, spec: Partial<StartSpec> = {}): Body =>
  podBody({ ...SPEC, ...spec }, { ...ORDER, ...order, pod: { ...POD, ...pod } }, FENCE, "token", SCRIPTS) as Body;
const main = (body: Body) => body.spec.containers[0] ?? {};

describe("a pod", () => {
  it("is whole: one container, never restarted, without privileges or a token of the cluster", () => {
    expect(built()).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "penstock-9f8e-7-1-0b5cbb2e",
        labels: { "penstock.dev/fence": FENCE },
        annotations: {
          "penstock.task": "train/[3]/fit",
          "penstock.dev/directory": DIRECTORY,
          "penstock.dev/keep-ms": "0",
        },
      },
      spec: {
        restartPolicy: "Never",
        enableServiceLinks: false,
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 3,
        volumes: [{ name: "files", emptyDir: {} }],
        initContainers: [
          {
            name: "fetch",
            image: "busybox:1.37-musl",
            imagePullPolicy: "IfNotPresent",
            command: [
              "/bin/busybox",
              "sh",
              "-c",
              'echo "$$1"',
              "sh",
              POD.files.by === "sending" ? POD.files.address : "",
            ],
            env: [{ name: "PENSTOCK_TOKEN", value: "token" }],
            securityContext: { allowPrivilegeEscalation: false },
            volumeMounts: [{ name: "files", mountPath: "/penstock" }],
          },
        ],
        containers: [
          {
            name: "main",
            image: "python:3.12",
            imagePullPolicy: "IfNotPresent",
            command: ["/penstock/busybox", "sh", "-c", 'exec "$$@"', "sh", "http://penstock:8080/api/pods/3/7/1/files"],
            args: ["python3", "-c", "print('$$(HOME) $$$$')"],
            env: [{ name: "A", value: "$$(B)" }],
            securityContext: { allowPrivilegeEscalation: false },
            volumeMounts: [
              { name: "files", mountPath: "/penstock" },
              { name: "files", mountPath: `${DIRECTORY}/work`, subPath: "m/0" },
              { name: "files", mountPath: "/data/runs/3/6/1/out/data", subPath: "m/1", readOnly: true },
            ],
          },
        ],
      },
    });
  });

  it.each([
    [{ nodeSelector: { disk: "ssd" } }, { nodeSelector: { disk: "ssd" } }],
    [{ tolerations: [{ key: "gpu", operator: "Exists" }] }, { tolerations: [{ key: "gpu", operator: "Exists" }] }],
    [{ affinity: { nodeAffinity: {} } }, { affinity: { nodeAffinity: {} } }],
    [{ imagePullSecrets: ["a", "b"] }, { imagePullSecrets: [{ name: "a" }, { name: "b" }] }],
    [{ serviceAccount: "steps" }, { serviceAccountName: "steps", automountServiceAccountToken: true }],
    [{ security: { runAsUser: 1000, fsGroup: 5 } }, { securityContext: { runAsUser: 1000, fsGroup: 5 } }],
    [
      { priorityClassName: "low", runtimeClassName: "gvisor" },
      { priorityClassName: "low", runtimeClassName: "gvisor" },
    ],
  ])("has %j as its order says", (pod, spec) => {
    expect(built({}, pod).spec).toMatchObject(spec);
  });

  it.each<[Partial<ContainerOrder>, Partial<PodOrder>, Partial<StartSpec>, object]>([
    [{ cpus: 0.5 }, {}, { memoryLimitBytes: 2 ** 25 }, { resources: { limits: { cpu: "500m", memory: "33554432" } } }],
    [{ cpus: 0.0001 }, {}, {}, { resources: { limits: { cpu: "1m" } } }],
    [{ gpus: 2 }, {}, {}, { resources: { limits: { "nvidia.com/gpu": "2" } } }],
    [{ gpus: 2 }, { extraLimits: { "amd.com/gpu": "2" } }, {}, { resources: { limits: { "amd.com/gpu": "2" } } }],
    [{}, { requests: { cpu: "1", memory: "1Gi" } }, {}, { resources: { requests: { cpu: "1", memory: "1Gi" } } }],
    [{ cwd: "/w" }, {}, {}, { workingDir: "/w" }],
    [{ pull: "never" }, {}, {}, { imagePullPolicy: "Never" }],
    [{ isReadOnly: true }, {}, {}, { securityContext: { readOnlyRootFilesystem: true } }],
  ])("gives its container %j %j %j", (order, pod, spec, container) => {
    expect(main(built(order, pod, spec))).toMatchObject(container);
  });

  it("runs what the image starts where its command is not known", () => {
    const container = main(built({ usesEntrypoint: true }));
    expect(container.command).toBeUndefined();
    expect(container.args).toEqual(["python3", "-c", "print('$$(HOME) $$$$')"]);
  });

  it("takes fields of the pod from the pod, over variables of the same name", () => {
    const fields = [{ env: "A", fieldPath: "metadata.name" }];
    expect(main(built({}, { fields })).env).toEqual([
      { name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ]);
  });

  it("mounts what lies on a claim from there, and sends nothing", () => {
    const body = built({}, { files: { by: "sharing", claim: "penstock", root: "/data" } });
    expect(body.spec.volumes).toEqual([
      { name: "files", emptyDir: {} },
      { name: "shared", persistentVolumeClaim: { claimName: "penstock" } },
    ]);
    expect(main(body).volumeMounts).toEqual([
      { name: "files", mountPath: "/penstock" },
      { name: "shared", mountPath: `${DIRECTORY}/work`, subPath: "runs/3/7/1/work" },
      { name: "shared", mountPath: "/data/runs/3/6/1/out/data", subPath: "runs/3/6/1/out/data", readOnly: true },
    ]);
    expect((main(body).command as string[]).at(-1)).toBe("");
  });

  it("keeps Penstock's own marks whatever labels are asked for", () => {
    const labels = { "penstock.dev/fence": "mine", team: "a" };
    expect(built({}, { labels, annotations: { "penstock.dev/directory": "/" } }).metadata).toMatchObject({
      labels: { team: "a", "penstock.dev/fence": FENCE },
      annotations: { "penstock.dev/directory": DIRECTORY },
    });
  });

  it("has a name that Kubernetes takes, whatever the attempt is called", () => {
    for (const id of ["9F8E/7/1", "run_1/[3]/é/2", "x".repeat(300)]) {
      expect(podName(id, FENCE)).toMatch(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])$/);
    }
  });

  it("says text so that Kubernetes expands it back to itself", () => {
    for (const text of ["$(A)", "$$(A)", "$", "a$b", "$$"]) {
      const [[, back] = []] = expandEnvironment([{ name: "X", value: literal(text) }], new Map([["A", "wrong"]]));
      expect(back).toBe(text);
    }
  });
});
