/** What may be said of pods in a profile: strict, since a word that nobody reads would be a setting that does nothing. */
import { z } from "zod";
import { quantity } from "../limits";
import { ResourceName } from "./shared";

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const KubernetesName = z.string().regex(NAME, "Kubernetes takes lower-case letters, digits, dashes and dots here.");
const Key = z
  .string()
  .regex(KEY, "Kubernetes takes no such key: letters, digits, `-`, `_` and `.`, with a domain before `/`.");
const OwnKey = Key.refine((key) => !key.startsWith("penstock.dev/"), "Names of penstock.dev/ are Penstock's own.");
const LabelValue = z.string().regex(LABEL_VALUE, "A label's value has at most 63 letters, digits, `-`, `_` and `.`.");
const Quantity = z.string().refine((text) => quantity(text) !== null, "Write a quantity such as 500m, 2 or 1Gi.");
const AbsolutePath = z
  .string()
  .max(4_096)
  .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))(?!$)./, "Give an absolute path without `..`.");

const Toleration = z
  .strictObject({
    key: Key.optional(),
    operator: z.enum(["Exists", "Equal"]).optional(),
    value: z.string().optional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
    tolerationSeconds: z.number().int().optional(),
  })
  .refine(
    ({ key, operator }) => key !== undefined || operator === "Exists",
    "A toleration without a key needs the operator Exists.",
  );

const SOURCES = ["claim", "secret", "configMap", "emptyDir"] as const;

const Volume = z
  .strictObject({
    mountPath: AbsolutePath,
    subPath: z
      .string()
      .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))./, "Give a path below the volume.")
      .optional(),
    readOnly: z.boolean().optional(),
    claim: KubernetesName.optional(),
    secret: KubernetesName.optional(),
    configMap: KubernetesName.optional(),
    emptyDir: z.strictObject({ medium: z.enum(["", "Memory"]).optional(), sizeLimit: Quantity.optional() }).optional(),
  })
  .refine(
    (volume) => SOURCES.filter((source) => volume[source] !== undefined).length === 1,
    "A volume has exactly one of claim, secret, configMap and emptyDir. Folders of nodes (hostPath) are not given.",
  );

const Security = z.strictObject({
  runAsUser: z.number().int().min(0).optional(),
  runAsGroup: z.number().int().min(0).optional(),
  runAsNonRoot: z.boolean().optional(),
  fsGroup: z.number().int().min(0).optional(),
  supplementalGroups: z.array(z.number().int().min(0)).max(100).optional(),
});

const Affinity = z.strictObject({
  nodeAffinity: z.record(z.string(), z.json()).optional(),
  podAffinity: z.record(z.string(), z.json()).optional(),
  podAntiAffinity: z.record(z.string(), z.json()).optional(),
});

/** What every pod has, in the words of Kubernetes. */
export const PodTemplateInput = z.strictObject({
  labels: z.record(OwnKey, LabelValue).optional(),
  annotations: z.record(OwnKey, z.string().max(65_536)).optional(),
  nodeSelector: z.record(Key, LabelValue).optional(),
  tolerations: z.array(Toleration).max(100).optional(),
  affinity: Affinity.optional(),
  imagePullSecrets: z.array(KubernetesName).max(20).optional(),
  volumes: z.array(Volume).max(50).optional(),
  securityContext: Security.optional(),
  requests: z.record(Key, Quantity).optional(),
  priorityClassName: KubernetesName.optional(),
  runtimeClassName: KubernetesName.optional(),
});

const ADDRESS = /^http:\/\/(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** How pods are made; what is not given stays. */
export const PodSettingsInput = z
  .strictObject({
    kubeconfig: AbsolutePath.nullable(),
    context: z.string().min(1).max(253).nullable(),
    namespace: ResourceName.max(63).nullable(),
    serviceAccount: KubernetesName.nullable(),
    address: z
      .string()
      .regex(ADDRESS, "Give http://host:port, by which pods reach this server inside the cluster.")
      .nullable(),
    claim: KubernetesName.nullable(),
    helperImage: z.string().trim().min(1).max(1_024),
    patienceMs: z
      .number()
      .int()
      .min(1_000)
      .max(7 * 86_400_000),
    template: PodTemplateInput,
  })
  .partial();
