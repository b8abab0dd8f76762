/** What the container of a step is made of, from its profile, its limits and its mounts. */
import { stepGpus, stepSharedMemory } from "@/server/domain/limits";
import { containerOf, limitsOf, mappedImage } from "@/server/domain/profile";
import type { ContainerOrder, Mount } from "../../../executors/executor";
import { type AttemptRequest, StartRefusal, type Vault } from "../../contract";
import { readLimits } from "../../step-limits";
import type { AttemptPaths } from "../plan";
import { type Allowed, checkedMounts } from "./mounts";

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
  return {
    ...wanted,
    image: imageName(mappedImage(image, run.profile)),
    mounts: checkedMounts(mounts, { dataDir, folders: settings.mounts }),
    pull: settings.pull,
    credentials: credentialsOf(settings.registrySecret, vault),
    network: settings.network,
    user: settings.user,
    isReadOnly: settings.isReadOnly,
    cpus: limits.cpus,
    sharedMemoryBytes: stepSharedMemory(step) ?? presets.sharedMemoryBytes,
    gpus: stepGpus(step.body) ?? presets.gpus,
    labels: {
      "penstock.run": run.id,
      "penstock.task": request.taskPath,
      "penstock.attempt": String(request.number),
    },
  };
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
