/** What an Elyra node says of its pod, in the words of Kubernetes. */
import type { Step } from "../graph";
import { objects, text } from "../kfp/platform";
import { NO_POD, type StepPod, toleration, type Words } from "../kfp/step-pod";

/** What an Elyra node says: of a generic one beside its sizes, of a custom one in the place of the platform document. */
export function elyraPod({ body, platform }: Step): StepPod {
  const settings = (body.body === "file" ? body.resources : platform) ?? {};
  const pairs = (name: string): Words =>
    Object.fromEntries(objects(settings[name]).map(({ key, value }) => [String(key), String(value ?? "")]));
  const [gpu, vendor] = [settings.gpu, text(settings.gpu_vendor)];
  const { cpu, memory } = settings;
  return {
    ...NO_POD,
    labels: pairs("kubernetes_pod_labels"),
    annotations: pairs("kubernetes_pod_annotations"),
    tolerations: objects(settings.kubernetes_tolerations)
      .map(toleration)
      .filter((one) => one !== null),
    requests: {
      ...(typeof cpu === "number" && cpu > 0 && { cpu: String(cpu) }),
      ...(typeof memory === "number" && memory > 0 && { memory: `${memory}G` }),
    },
    extraLimits: typeof gpu === "number" && gpu > 0 && vendor !== null ? { [vendor]: String(gpu) } : {},
  };
}
