/** What the platform document says of a pod, setting by setting, as the SDK writes it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { elyraPod } from "../elyra/step-pod";
import type { JsonValue, Step } from "../graph";
import { parseKfp } from "./index";
import { kubeflowPod, NO_POD } from "./step-pod";

const SNAPSHOTS = join(
  process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../shared/fixtures"),
  "kfp/kubernetes_platform/python/test/snapshot/data",
);

const body = { body: "container", image: "i", command: [], args: [], env: [], component: "c" } as const;
const step = (
  platform: { readonly [key: string]: JsonValue },
  resources?: { readonly [key: string]: JsonValue },
): Step => ({ platform, body: { ...body, ...(resources && { resources }) } }) as unknown as Step;
const constant = (value: JsonValue) => ({ runtimeValue: { constant: value } });

describe("the platform document", () => {
  it.each<[string, { readonly [key: string]: JsonValue }, object]>([
    [
      "a claim",
      { pvcMount: [{ mountPath: "/d", pvcNameParameter: constant("data"), subPath: "a" }] },
      {
        volumes: [
          {
            volume: { name: "pvcmount-0", persistentVolumeClaim: { claimName: "data" } },
            mount: { name: "pvcmount-0", mountPath: "/d", subPath: "a" },
          },
        ],
      },
    ],
    [
      "a claim of another step",
      {
        pvcMount: [
          {
            mountPath: "/d",
            pvcNameParameter: { taskOutputParameter: { producerTask: "t", outputParameterKey: "name" } },
          },
        ],
      },
      { volumes: [], unread: ["pvcMount"] },
    ],
    [
      "an optional secret",
      { secretAsVolume: [{ mountPath: "/s", secretName: "s", optional: true }] },
      {
        volumes: [
          { volume: { secret: { secretName: "s", optional: true } }, mount: { mountPath: "/s", readOnly: true } },
        ],
      },
    ],
    [
      "a config map",
      { configMapAsVolume: [{ mountPath: "/c", configMapNameParameter: constant("c") }] },
      { volumes: [{ volume: { configMap: { name: "c" } } }] },
    ],
    [
      "shared memory",
      { enabledSharedMemory: { volumeName: "shm", size: "1Gi" } },
      {
        volumes: [
          {
            volume: { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
            mount: { mountPath: "/dev/shm" },
          },
        ],
      },
    ],
    [
      "tolerations",
      {
        tolerations: [
          { key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: "30" },
          { tolerationJson: constant({ key: "j" }) },
          {},
        ],
      },
      { tolerations: [{ key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }, { key: "j" }] },
    ],
    ["a node selector", { nodeSelector: { labels: { a: "b" } } }, { nodeSelector: { a: "b" } }],
    [
      "a node selector as JSON",
      { nodeSelector: { nodeSelectorJson: constant({ c: "d" }) } },
      { nodeSelector: { c: "d" } },
    ],
    [
      "labels",
      { podMetadata: { labels: { a: "b" }, annotations: { c: "d" } } },
      { labels: { a: "b" }, annotations: { c: "d" } },
    ],
    [
      "pull secrets",
      { imagePullSecret: [{ secretName: "r" }], imagePullPolicy: "Always" },
      { imagePullSecrets: ["r"], pull: "always" },
    ],
    [
      "a security context",
      { securityContext: { runAsUser: "1000", runAsGroup: 0, runAsNonRoot: true } },
      { security: { runAsUser: 1000, runAsGroup: 0, runAsNonRoot: true } },
    ],
    [
      "pods to be near to and far from",
      {
        podAffinity: [
          { topologyKey: "zone", matchPodLabels: { a: "b" } },
          { topologyKey: "host", weight: 5, anti: true },
        ],
      },
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "zone", labelSelector: { matchLabels: { a: "b" } } },
            ],
          },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, podAffinityTerm: { topologyKey: "host" } }],
          },
        },
      },
    ],
    ["containers before the step", { initContainers: [{ name: "x" }] }, { unread: ["initContainers"] }],
    ["nothing", {}, NO_POD],
  ])("of %s", (_, platform, said) => {
    expect(kubeflowPod(step(platform))).toMatchObject(said);
  });

  it("sets resources aside and names accelerators", () => {
    const resources = {
      resourceCpuRequest: "500m",
      resourceMemoryRequest: "1Gi",
      accelerator: { resourceType: "amd.com/gpu", resourceCount: "2" },
    };
    expect(kubeflowPod(step({}, resources))).toMatchObject({
      requests: { cpu: "500m", memory: "1Gi" },
      extraLimits: { "amd.com/gpu": "2" },
    });
    expect(kubeflowPod(step({}, { accelerator: { type: "NVIDIA_TESLA_T4", count: 1 } }))).toMatchObject({
      extraLimits: {},
    });
  });

  it.runIf(existsSync(SNAPSHOTS))("of the SDK's own snapshots is read", () => {
    const podOf = (file: string, path: string) => {
      const outcome = parseKfp(readFileSync(join(SNAPSHOTS, file), "utf8"));
      const found = outcome.ok ? outcome.graph.steps.find((one) => one.path === path) : undefined;
      if (found === undefined) throw new Error(`${file} has no ${path}`);
      return kubeflowPod(found);
    };
    expect(podOf("general_ephemeral_volume.yaml", "comp").volumes).toMatchObject([
      {
        volume: {
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } },
            },
          },
        },
      },
    ]);
    expect(podOf("empty_dir_mounts.yaml", "comp").volumes).toMatchObject([
      { volume: { emptyDir: { medium: "Memory", sizeLimit: "1Gi" } } },
    ]);
    expect(podOf("secret_as_vol.yaml", "comp").volumes).toMatchObject([
      { volume: { secret: { secretName: "my-secret" } } },
    ]);
    expect(podOf("nodeaffinity.yaml", "print-hello-with-json-affinity").affinity).toMatchObject({
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, preference: { matchExpressions: [{ key: "disktype" }] } },
        ],
      },
    });
    expect(podOf("nodeaffinity.yaml", "print-hello-with-empty-json").affinity).toBeNull();
  });
});

it("an Elyra node's pod has its labels, tolerations, sizes and its vendor's GPUs", () => {
  const resources = {
    cpu: 2,
    memory: 3,
    gpu: 1,
    gpu_vendor: "amd.com/gpu",
    kubernetes_pod_labels: [{ key: "a", value: "b" }],
    kubernetes_pod_annotations: [{ key: "c", value: "" }],
    kubernetes_tolerations: [{ key: "k", operator: "Exists", value: "", effect: "" }],
  };
  const file = { body: { body: "file", resources } } as unknown as Step;
  expect(elyraPod(file)).toEqual({
    ...NO_POD,
    labels: { a: "b" },
    annotations: { c: "" },
    tolerations: [{ key: "k", operator: "Exists" }],
    requests: { cpu: "2", memory: "3G" },
    extraLimits: { "amd.com/gpu": "1" },
  });
});
