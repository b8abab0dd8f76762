/** Builds the one pod of an attempt: never restarted, never privileged, nothing mounted but what was ordered. */
import type { ContainerOrder, Mount, PodOrder, StartSpec } from "../executor";
import { MARKS } from "./pod";

/** Where the pod keeps its helper and its files. */
const HERE = "/penstock";
const HELPER = `${HERE}/busybox`;
const FILES = "files";
const SHARED = "shared";

const PULLS = { missing: "IfNotPresent", always: "Always", never: "Never" } as const;

/** The order of a container that runs in a pod. */
export type OrderWithPod = ContainerOrder & { readonly pod: PodOrder };

/** The scripts of `pipelines/runtime` that stand before and around the command. */
export interface PodScripts {
  readonly fetch: string;
  readonly step: string;
}

/** The token for the pod's files; null where nothing is sent. */
export type PodToken = string | null;

/** Name of an attempt's pod: its own alone, and readable in lists. */
export function podName(id: string, fence: string): string {
  const words = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 44);
  return `penstock-${words}-${fence.slice(0, 8)}`;
}

/** As Kubernetes takes text that may not be expanded: `$(NAME)` would become a variable. */
export const literal = (text: string): string => text.replaceAll("$", "$$$$");

/** Mounts that lie on the claim, and those that are sent, each of them with its place in the pod. */
export function splitMounts(mounts: readonly Mount[], { files }: Pick<PodOrder, "files">) {
  const isShared = ({ path }: Mount): boolean =>
    files.by === "sharing" && (path === files.root || path.startsWith(`${files.root}/`));
  return { shared: mounts.filter(isShared), sent: mounts.filter((mount) => !isShared(mount)) };
}

const bytesText = (bytes: number | null | undefined): string | undefined =>
  bytes === null || bytes === undefined ? undefined : String(Math.floor(bytes));
/** Kubernetes counts processors in thousandths and nothing below. */
const cpusText = (cpus: number | null): string | undefined =>
  cpus === null ? undefined : `${Math.max(1, Math.round(cpus * 1_000))}m`;

const withoutNothing = (object: { readonly [key: string]: unknown }): { [key: string]: unknown } =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));

const filled = <T extends object>(value: T): T | undefined => (Object.keys(value).length === 0 ? undefined : value);

function resourcesOf(spec: StartSpec, order: ContainerOrder, pod: PodOrder): object {
  const gpus =
    order.gpus !== null && Object.keys(pod.extraLimits).length === 0 ? { "nvidia.com/gpu": String(order.gpus) } : {};
  const limits = withoutNothing({
    memory: bytesText(spec.memoryLimitBytes),
    cpu: cpusText(order.cpus),
    ...gpus,
    ...pod.extraLimits,
  });
  return withoutNothing({ limits: filled(limits), requests: filled(pod.requests) });
}

/** The variables, as they are; those of the pod's own fields come last and win. */
function variablesOf(env: StartSpec["env"], { fields }: PodOrder): object[] {
  const taken = new Set(fields.map(({ env: name }) => name));
  return [
    ...Object.entries(env)
      .filter(([name]) => !taken.has(name))
      .map(([name, value]) => ({ name, value: literal(value) })),
    ...fields.map(({ env: name, fieldPath }) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
  ];
}

function volumesOf(order: ContainerOrder, pod: PodOrder, sent: readonly Mount[], shared: readonly Mount[]) {
  const { files } = pod;
  const own = order.sharedMemoryBytes === null ? [] : [shm(order.sharedMemoryBytes)];
  const writable = order.isReadOnly
    ? [{ volume: { name: "tmp", emptyDir: {} }, mount: { name: "tmp", mountPath: "/tmp" } }]
    : [];
  const extra = [...pod.volumes, ...own, ...writable];
  return {
    volumes: [
      { name: FILES, emptyDir: {} },
      ...(files.by === "sharing" ? [{ name: SHARED, persistentVolumeClaim: { claimName: files.claim } }] : []),
      ...extra.map(({ volume }) => volume),
    ],
    mounts: [
      { name: FILES, mountPath: HERE },
      ...sent.map((mount, at) => mountOf(mount, FILES, `m/${at}`)),
      ...(files.by === "sharing" ? shared.map((mount) => mountOf(mount, SHARED, below(mount.path, files.root))) : []),
      ...extra.map(({ mount }) => mount),
    ],
  };
}

const shm = (bytes: number) => ({
  volume: { name: "shm", emptyDir: { medium: "Memory", sizeLimit: String(bytes) } },
  mount: { name: "shm", mountPath: "/dev/shm" },
});

const below = (path: string, root: string): string => path.slice(root.length + 1);

const mountOf = ({ path, target, isWritable }: Mount, name: string, subPath: string): object => ({
  name,
  mountPath: target ?? path,
  ...(subPath === "" ? {} : { subPath }),
  ...(isWritable ? {} : { readOnly: true }),
});

/** `user` or `user:group` of the profile, where both are numbers; Kubernetes knows no names. */
function userOf(user: string | null): object {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user ?? "") ?? [];
  return {
    ...(uid !== undefined && { runAsUser: Number(uid) }),
    ...(gid !== undefined && { runAsGroup: Number(gid) }),
  };
}

/** The body of the request that makes the pod. */
export function podBody(
  spec: StartSpec,
  order: OrderWithPod,
  fence: string,
  token: PodToken,
  scripts: PodScripts,
): object {
  const { pod } = order;
  const { sent, shared } = splitMounts(order.mounts, pod);
  const { volumes, mounts } = volumesOf(order, pod, sent, shared);
  const url = pod.files.by === "sending" && token !== null ? pod.files.address : "";
  const imagePullPolicy = PULLS[order.pull];
  // The image's own command is known to the cluster alone, so nothing can stand before it.
  const command = order.usesEntrypoint
    ? { args: spec.argv.map(literal) }
    : { command: [HELPER, "sh", "-c", literal(scripts.step), "sh", url], args: spec.argv.map(literal) };
  const security = { allowPrivilegeEscalation: false, ...(order.isReadOnly && { readOnlyRootFilesystem: true }) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: podName(spec.id, fence),
      labels: { ...pod.labels, [MARKS.fence]: fence },
      annotations: {
        ...pod.annotations,
        ...order.labels,
        [MARKS.directory]: spec.directory,
        [MARKS.keepMs]: String(spec.keepMs ?? 0),
      },
    },
    spec: withoutNothing({
      restartPolicy: "Never",
      // Other services' addresses are no business of a step.
      enableServiceLinks: false,
      automountServiceAccountToken: pod.serviceAccount !== null,
      serviceAccountName: pod.serviceAccount,
      terminationGracePeriodSeconds: Math.max(1, Math.ceil(spec.graceMs / 1_000)),
      imagePullSecrets: filled(pod.imagePullSecrets.map((name) => ({ name }))),
      nodeSelector: filled(pod.nodeSelector),
      tolerations: filled(pod.tolerations),
      affinity: pod.affinity,
      priorityClassName: pod.priorityClassName,
      runtimeClassName: pod.runtimeClassName,
      securityContext: filled({ ...userOf(order.user), ...withoutNothing({ ...pod.security }) }),
      volumes,
      initContainers: [
        {
          name: "fetch",
          image: pod.helperImage,
          imagePullPolicy,
          command: ["/bin/busybox", "sh", "-c", literal(scripts.fetch), "sh", url],
          ...(token === null ? {} : { env: [{ name: "PENSTOCK_TOKEN", value: token }] }),
          securityContext: { allowPrivilegeEscalation: false },
          volumeMounts: [{ name: FILES, mountPath: HERE }],
        },
      ],
      containers: [
        withoutNothing({
          name: "main",
          image: order.image,
          imagePullPolicy,
          ...command,
          env: variablesOf(spec.env, pod),
          workingDir: order.cwd,
          resources: filled(resourcesOf(spec, order, pod)),
          securityContext: security,
          volumeMounts: mounts,
        }),
      ],
    }),
  };
}
