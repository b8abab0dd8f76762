/** What the container of a step is made of, from its profile, its limits and its mounts. */
import type { StepPod } from "@/pipelines/kfp/step-pod";
import { stepGpus, stepSharedMemory } from "@/server/domain/limits";
import { containerOf, limitsOf, mappedImage, podOf } from "@/server/domain/profile";
import type { ContainerOrder, MemoryFolder, Mount, PodOrder } from "../../../executors/executor";
import { type AttemptRequest, StartRefusal, type Vault } from "../../contract";
import { readLimits } from "../../step-limits";
import type { AttemptPaths } from "../plan";
import { type Allowed, checkedMounts } from "./mounts";
import { podFiles, podMounts } from "./pod-files";
import { podOrder, stepPod } from "./pod-order";

export interface OrderTools {
  readonly dataDir: Allowed["dataDir"];
  readonly vault: Vault;
  /** Folder of the run. */
  readonly root: string;
}

interface Wanted {
  readonly image: string;
  readonly usesEntrypoint: boolean;
  readonly cwd: string | null;
  readonly mounts: readonly Mount[];
  readonly memory?: readonly MemoryFolder[];
}

/** The order of a step's container. Throws `StartRefusal` for what may not be given, or is not there. */
export function containerOrder(
  request: AttemptRequest,
  paths: AttemptPaths,
  { dataDir, vault, root }: OrderTools,
  { image, mounts, ...wanted }: Wanted,
): ContainerOrder {
  const { run, step } = request;
  const settings = containerOf(run.profile);
  const presets = limitsOf(run.profile);
  const limits = readLimits(request, paths, root);
  const checked = checkedMounts(mounts, { dataDir, folders: settings.mounts });
  const named = (name: string): string => imageName(mappedImage(name, run.profile));
  const pod = run.profile.executor === "kubernetes" ? orderedPod(request, { runs: dataDir.runs, root }, named) : null;
  const hasSharedMemory = pod?.order.volumes.some(({ mount }) => mount.mountPath === "/dev/shm") === true;
  return {
    ...wanted,
    image: named(image),
    mounts: pod === null ? checked : podMounts(checked, pod.order.files, paths.directory),
    pull: pod?.own.pull ?? settings.pull,
    credentials: credentialsOf(settings.registrySecret, vault),
    network: settings.network,
    user: settings.user,
    isReadOnly: settings.isReadOnly,
    cpus: limits.cpus,
    sharedMemoryBytes: stepSharedMemory(step) ?? (hasSharedMemory ? null : presets.sharedMemoryBytes),
    gpus: stepGpus(step.body) ?? presets.gpus,
    labels: {
      "penstock.run": run.id,
      "penstock.task": request.taskPath,
      "penstock.attempt": String(request.number),
    },
    ...(pod !== null && { pod: pod.order }),
  };
}

function orderedPod(
  request: AttemptRequest,
  { runs, root }: { readonly runs: string; readonly root: string },
  named: (image: string) => string,
): { readonly own: StepPod; readonly order: PodOrder } {
  const { run, step } = request;
  const settings = podOf(run.profile);
  const own = stepPod(request, root);
  const order = podOrder(
    { ...settings, helperImage: named(settings.helperImage) },
    own,
    step,
    podFiles(settings, request, runs),
  );
  return { own, order: { ...order, labels: { ...order.labels, "penstock.dev/run": run.id } } };
}

/** Names of images are names: nothing in them is taken for an option, a path or an address. */
const IMAGE_NAME = /^(?!.*\/\/)[A-Za-z0-9](?:[A-Za-z0-9._:/-]|@(?=sha256:)){0,1023}$/;

function imageName(image: string): string {
  if (IMAGE_NAME.test(image)) return image;
  throw new StartRefusal({
    code: "bad-input",
    message: `${JSON.stringify(image.slice(0, 200))} is no name of an image. Correct it in the pipeline, or map it to one in the profile.`,
    subject: null,
  });
}

function credentialsOf(secret: string | null, vault: Vault): ContainerOrder["credentials"] {
  if (secret === null) return null;
  const values = vault.values(secret)?.values;
  const [username, password] = [values?.username, values?.password];
  if (username !== undefined && password !== undefined) return { username, password };
  throw new StartRefusal({
    code: "missing-input",
    message: `The profile pulls images with the secret "${secret}", which lacks ${values === undefined ? "everything: there is none of that name" : "username or password"}. Add it under Secrets: penstock secrets set ${secret} username password.`,
    subject: secret,
  });
}
