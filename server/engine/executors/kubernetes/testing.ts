/** What tests with a real cluster share: the order of a step in the test's image, and the rig of the contract. */
import type { TestCluster } from "@/e2e/support/kube-cluster";
import type { Executor, PodOrder } from "../executor";
import type { ExecutorRig } from "../executor.contract";
import type { OrderWithPod } from "./pod-body";

/** What a step in a pod of the test's image needs beside its command. */
const testPod = (cluster: TestCluster, changes: Partial<PodOrder> = {}): PodOrder => ({
  cluster: { kubeconfig: cluster.kubeconfig, context: null, namespace: cluster.namespace },
  files: { by: "sharing", claim: cluster.claim, root: cluster.shared },
  helperImage: cluster.image,
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
  ...changes,
});

export const testPodOrder = (cluster: TestCluster, directory: string, pod: Partial<PodOrder> = {}): OrderWithPod => ({
  image: cluster.image,
  usesEntrypoint: false,
  cwd: directory,
  mounts: [{ path: directory, isWritable: true }],
  pull: "never",
  credentials: null,
  network: null,
  user: null,
  isReadOnly: false,
  cpus: null,
  sharedMemoryBytes: null,
  gpus: null,
  labels: {},
  pod: testPod(cluster, pod),
});

/** The rig of the contract: steps run in the test's image, with their own folder on the claim. */
export const kubernetesRig = (cluster: TestCluster, make: () => Executor): ExecutorRig => ({
  make,
  order: (spec) => ({ ...spec, container: testPodOrder(cluster, spec.directory) }),
  mixesStreams: true,
  killedCode: 137,
  // The node looks once a second, and gives nothing less than two seconds to end.
  slackMs: 15_000,
  // The cluster tells every container where it is itself.
  ownVariables: [
    "HOSTNAME",
    "HOME",
    "KUBERNETES_SERVICE_HOST",
    "KUBERNETES_SERVICE_PORT",
    "KUBERNETES_SERVICE_PORT_HTTPS",
    "KUBERNETES_PORT",
    "KUBERNETES_PORT_443_TCP",
    "KUBERNETES_PORT_443_TCP_PROTO",
    "KUBERNETES_PORT_443_TCP_PORT",
    "KUBERNETES_PORT_443_TCP_ADDR",
  ],
});
