/** What a profile says about pods: the cluster, how files travel, and what every pod is given beside its step's own. */
import type { JsonValue } from "@/pipelines/graph";

type Words = { readonly [name: string]: string };
type JsonObject = { readonly [name: string]: JsonValue };

export interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: "Exists" | "Equal" | undefined;
  readonly value?: string | undefined;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute" | undefined;
  readonly tolerationSeconds?: number | undefined;
}

/** A volume that every pod mounts: exactly one of the sources is given. */
export interface PodVolume {
  readonly mountPath: string;
  readonly subPath?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly claim?: string | undefined;
  readonly secret?: string | undefined;
  readonly configMap?: string | undefined;
  /** An empty folder; `Memory` keeps it in memory. */
  readonly emptyDir?:
    | { readonly medium?: "" | "Memory" | undefined; readonly sizeLimit?: string | undefined }
    | undefined;
}

export interface PodSecurity {
  readonly runAsUser?: number | undefined;
  readonly runAsGroup?: number | undefined;
  readonly runAsNonRoot?: boolean | undefined;
  readonly fsGroup?: number | undefined;
  readonly supplementalGroups?: readonly number[] | undefined;
}

/** What every pod of a profile has, in the words of Kubernetes; what a step asks for itself comes on top. */
export interface PodTemplate {
  readonly labels?: Words | undefined;
  readonly annotations?: Words | undefined;
  readonly nodeSelector?: Words | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly affinity?:
    | {
        readonly nodeAffinity?: JsonObject | undefined;
        readonly podAffinity?: JsonObject | undefined;
        readonly podAntiAffinity?: JsonObject | undefined;
      }
    | undefined;
  readonly imagePullSecrets?: readonly string[] | undefined;
  readonly volumes?: readonly PodVolume[] | undefined;
  readonly securityContext?: PodSecurity | undefined;
  /** Set aside for each step, as quantities: cpu, memory, ephemeral-storage and the like. */
  readonly requests?: Words | undefined;
  readonly priorityClassName?: string | undefined;
  readonly runtimeClassName?: string | undefined;
}

/** How a profile makes pods. */
export interface PodSettings {
  /** File on the machine that runs Penstock; null takes KUBECONFIG, ~/.kube/config, or the pod that Penstock runs in. */
  readonly kubeconfig: string | null;
  /** Null takes the current one of the kubeconfig. */
  readonly context: string | null;
  /** Null takes the one of the context, else `default`. */
  readonly namespace: string | null;
  readonly serviceAccount: string | null;
  /** `http://host:port` by which pods reach this server: files travel over it. */
  readonly address: string | null;
  /** Claim that holds the data directory: files are shared over it in the place of travelling. */
  readonly claim: string | null;
  /** Brings the helper that stands before and after each command: an image with a static `/bin/busybox`. */
  readonly helperImage: string;
  /** How long a pod may wait for its node and its images. */
  readonly patienceMs: number;
  readonly template: PodTemplate;
}

export const POD_DEFAULTS: PodSettings = {
  kubeconfig: null,
  context: null,
  namespace: null,
  serviceAccount: null,
  address: null,
  claim: null,
  helperImage: "busybox:1.37-musl",
  patienceMs: 600_000,
  template: {},
};
