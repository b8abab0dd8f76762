/** What the pod of a step has beside its container: the profile's template, and on top what the step asks for itself. */
import { elyraPod } from "@/pipelines/elyra/step-pod";
import type { JsonValue, Step } from "@/pipelines/graph";
import { fieldVariables } from "@/pipelines/kfp/platform";
import { dense, type PodMount, type StepPod } from "@/pipelines/kfp/step-pod";
import type { PodSettings, PodVolume } from "@/server/domain/pod";
import type { PodOrder } from "../../../executors/executor";
import type { AttemptRequest } from "../../contract";
import { ownClaim, podOfStep } from "./platform-mounts";

type JsonObject = { readonly [name: string]: JsonValue };

/** What a step says of its pod; claims that the run has made itself are mounted as folders of this machine. */
export function stepPod(request: Pick<AttemptRequest, "run" | "step" | "inputs">, root: string): StepPod {
  if (request.run.format !== "kfp") return elyraPod(request.step);
  const own = podOfStep(request);
  return { ...own, volumes: own.volumes.filter(({ volume }) => ownClaim(volume, root) === null) };
}

function templateVolume(volume: PodVolume, at: number): PodMount {
  const { mountPath, subPath, readOnly, claim, secret, configMap, emptyDir } = volume;
  const name = `profile-${at}`;
  const source =
    claim !== undefined
      ? { persistentVolumeClaim: { claimName: claim } }
      : secret !== undefined
        ? { secret: { secretName: secret } }
        : configMap !== undefined
          ? { configMap: { name: configMap } }
          : { emptyDir: dense({ medium: emptyDir?.medium, sizeLimit: emptyDir?.sizeLimit }) };
  return { volume: { name, ...source }, mount: dense({ name, mountPath, subPath, readOnly }) };
}

/** Both affinities in one; where both speak of the same kind, the step's own holds. */
const bothAffinities = (profile: JsonObject | null, step: JsonObject | null): JsonObject | null =>
  profile === null && step === null ? null : { ...profile, ...step };

/** Annotations that take from a container what keeps it in; a profile may write them, a pipeline may not. */
const CONFINEMENT = /^(?:container\.)?(?:apparmor|seccomp)\.security\./;

const harmless = (annotations: StepPod["annotations"]): StepPod["annotations"] =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !CONFINEMENT.test(key)));

/** The order of a step's pod. Throws nothing: what cannot be given was refused at the start of the run. */
export function podOrder(settings: PodSettings, own: StepPod, step: Step, files: PodOrder["files"]): PodOrder {
  const { template } = settings;
  const affinity = template.affinity === undefined ? null : dense({ ...template.affinity });
  return {
    cluster: { kubeconfig: settings.kubeconfig, context: settings.context, namespace: settings.namespace },
    files,
    helperImage: settings.helperImage,
    patienceMs: settings.patienceMs,
    serviceAccount: settings.serviceAccount,
    imagePullSecrets: [...new Set([...(template.imagePullSecrets ?? []), ...own.imagePullSecrets])],
    labels: { ...template.labels, ...own.labels },
    annotations: { ...template.annotations, ...harmless(own.annotations) },
    nodeSelector: { ...template.nodeSelector, ...own.nodeSelector },
    tolerations: [...(template.tolerations ?? []).map((one) => dense({ ...one })), ...own.tolerations],
    affinity: bothAffinities(affinity, own.affinity),
    priorityClassName: template.priorityClassName ?? null,
    runtimeClassName: template.runtimeClassName ?? null,
    security: { ...template.securityContext, ...own.security },
    requests: { ...template.requests, ...own.requests },
    extraLimits: own.extraLimits,
    volumes: [...(template.volumes ?? []).map(templateVolume), ...own.volumes],
    fields: fieldVariables(step),
  };
}
