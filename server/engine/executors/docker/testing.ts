/** What tests with a real container engine share: the order of a step in the test's image, and the rig of the contract. */
import type { TestEngine } from "@/e2e/support/container-engine";
import type { ContainerOrder, Executor } from "../executor";
import type { ExecutorRig } from "../executor.contract";

/** What a step in a container of the test's image needs beside its command. */
export const testOrder = (engine: Pick<TestEngine, "image">, directory: string): ContainerOrder => ({
  image: engine.image,
  usesEntrypoint: false,
  cwd: directory,
  mounts: [{ path: directory, isWritable: true }],
  pull: "never",
  credentials: null,
  network: "none",
  user: null,
  isReadOnly: false,
  cpus: null,
  sharedMemoryBytes: null,
  gpus: null,
  labels: {},
});

/** The rig of the contract: steps run in the test's image, with their own folder mounted. */
export const dockerRig = (engine: TestEngine, make: () => Executor): ExecutorRig => ({
  make,
  order: (spec) => ({ ...spec, engine: engine.socket, container: testOrder(engine, spec.directory) }),
  mixesStreams: true,
  killedCode: 137,
  slackMs: 0,
  ownVariables: ["HOSTNAME", "HOME"],
});
