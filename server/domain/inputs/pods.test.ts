/** What may be said of pods in a profile, and which words refuse the rest. */
import { expect, it } from "vitest";
import { PodSettingsInput } from "./pods";

const TEMPLATE = {
  labels: { team: "a" },
  annotations: { "x.io/y": "any text" },
  nodeSelector: { disk: "ssd" },
  tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }, { operator: "Exists" }],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
  imagePullSecrets: ["registry"],
  volumes: [
    { claim: "data", mountPath: "/data", readOnly: true },
    { emptyDir: { sizeLimit: "1Gi" }, mountPath: "/scratch" },
  ],
  securityContext: { runAsUser: 1000, fsGroup: 1000 },
  requests: { cpu: "500m", "nvidia.com/gpu": "1" },
  priorityClassName: "low",
};

it("a whole template is taken as it is", () => {
  const pod = { address: "http://10.0.0.1:8080", namespace: "lab", template: TEMPLATE };
  expect(PodSettingsInput.parse(pod)).toEqual(pod);
});

it.each<[object, string, RegExp]>([
  [{ address: "https://penstock" }, "address", /http:\/\/host:port/],
  [{ address: "penstock:80" }, "address", /http:\/\/host:port/],
  [{ kubeconfig: "config" }, "kubeconfig", /absolute path/],
  [{ namespace: "No_Such" }, "namespace", /./],
  [{ patienceMs: 0 }, "patienceMs", /./],
  [{ template: "{" }, "template", /./],
  [{ template: { hostNetwork: true } }, "template", /hostNetwork/],
  [
    { template: { volumes: [{ hostPath: { path: "/" }, mountPath: "/h" }] } },
    "template.volumes.0",
    /hostPath|exactly one/,
  ],
  [{ template: { volumes: [{ claim: "a", secret: "b", mountPath: "/h" }] } }, "template.volumes.0", /exactly one/],
  [{ template: { volumes: [{ claim: "a", mountPath: "/a/../b" }] } }, "template.volumes.0.mountPath", /absolute/],
  [{ template: { securityContext: { privileged: true } } }, "template.securityContext", /privileged/],
  [{ template: { labels: { "penstock.dev/fence": "x" } } }, "template.labels.penstock.dev/fence", /./],
  [{ template: { labels: { a: "no blanks" } } }, "template.labels.a", /63 letters/],
  [{ template: { requests: { cpu: "much" } } }, "template.requests.cpu", /quantity/],
  [{ template: { tolerations: [{ effect: "NoExecute" }] } }, "template.tolerations.0", /needs the operator Exists/],
])("%j is refused at its place", (pod, place, words) => {
  const read = PodSettingsInput.safeParse(pod);
  const issues = read.success ? [] : read.error.issues.map(({ path, message }) => ({ place: path.join("."), message }));
  expect(issues.map((issue) => issue.place)).toContain(place);
  expect(issues.map((issue) => issue.message).join(" ")).toMatch(words);
});
