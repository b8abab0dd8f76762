/** What a step's platform document puts into its file system: values and volumes of Penstock, and folders that go with the step. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FileBody, JsonValue } from "@/pipelines/graph";
import { isObject } from "@/pipelines/kfp/message";
import { nameInput, objects, text } from "@/pipelines/kfp/platform";
import { kubeflowPod, type PodMount, type StepPod } from "@/pipelines/kfp/step-pod";
import { quantity } from "@/server/domain/limits";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { MemoryFolder, Mount } from "../../../executors/executor";
import { type AttemptRequest, StartRefusal, type Vault } from "../../contract";
import { claimOfRun } from "../container/claim";
import type { AttemptPaths } from "../plan";
import { readable, writable } from "./mounts";
import { volumeMounts } from "./volumes";

interface PlatformMounts {
  readonly mounts: readonly Mount[];
  readonly memory: readonly MemoryFolder[];
}

/** What of it could be given. */
interface GivenMounts extends PlatformMounts {
  /** What the step runs without, in words for its log, where its profile lets it. */
  readonly remarks: readonly string[];
}

interface MountTools {
  readonly vault: Vault;
  /** Folder of the run. */
  readonly root: string;
}

type Volume = PodMount["volume"];

/** What a Kubeflow step says of its pod, with the names that its inputs bring. */
export function podOfStep({ step, inputs }: Pick<AttemptRequest, "step" | "inputs">): StepPod {
  return kubeflowPod(step, (setting, at) => text(inputs.parameters[nameInput(setting, at)]));
}

const claimIn = ({ persistentVolumeClaim: claim }: Volume): string | null =>
  isObject(claim) ? text(claim.claimName) : null;

/** The claim that this run has made itself, of which no cluster knows; null for any other volume. */
export function ownClaim(volume: Volume, root: string): string | null {
  const claim = claimIn(volume);
  return claim === null ? null : claimOfRun(root, claim);
}

/**
 * The mounts of a container step. `everything` that it names is for containers; a pod is given by its cluster what the
 * cluster has. Throws `StartRefusal` for what is not there, unless the profile runs steps without mounts.
 */
export function platformMounts(
  request: AttemptRequest,
  { directory }: Pick<AttemptPaths, "directory">,
  tools: MountTools,
  everything: boolean,
): GivenMounts {
  const { runsWithoutMounts } = request.run.profile;
  const remarks: string[] = [];
  const given = (make: () => PlatformMounts): PlatformMounts => {
    try {
      return make();
    } catch (error) {
      if (!runsWithoutMounts || !(error instanceof StartRefusal)) throw error;
      remarks.push(`Runs without a mount: ${error.message}`);
      return NOTHING;
    }
  };
  const made = wantedMounts(request, tools, everything).map((make, at) =>
    given(() => make(join(directory, ATTEMPT_FILES.mounted, String(at)))),
  );
  return {
    mounts: made.flatMap(({ mounts }) => mounts),
    memory: made.flatMap(({ memory }) => memory),
    remarks,
  };
}

const NOTHING: PlatformMounts = { mounts: [], memory: [] };

/** What makes each mount, in a folder of its own where it needs one. */
function wantedMounts(
  request: AttemptRequest,
  tools: MountTools,
  everything: boolean,
): ((folder: string) => PlatformMounts)[] {
  const { step, run } = request;
  if (step.platform === undefined) return [];
  if (run.format !== "kfp") {
    const volumes = objects(step.platform.mounted_volumes) as unknown as FileBody["volumes"];
    return volumes.map((volume) => () => ({ mounts: volumeMounts([volume], tools.vault), memory: [] }));
  }
  return podOfStep(request)
    .volumes.filter(({ volume }) => everything || ownClaim(volume, tools.root) !== null)
    .map((one) => (folder) => madeOf(one, folder, tools));
}

function madeOf({ volume, mount }: PodMount, folder: string, { vault, root }: MountTools): PlatformMounts {
  const target = String(mount.mountPath);
  const claim = claimIn(volume);
  if (claim !== null) {
    const subPath = text(mount.subPath) ?? undefined;
    const known = ownClaim(volume, root);
    const held = { volume: (name: string) => known ?? vault.volume(name) };
    return { mounts: volumeMounts([{ path: target, claim, ...(subPath && { subPath }) }], held), memory: [] };
  }
  for (const [kind, key] of KEYED) {
    const source = volume[kind];
    if (isObject(source))
      return { mounts: [values(source, kind, String(source[key]), target, folder, vault)], memory: [] };
  }
  const { emptyDir } = volume;
  if (isObject(emptyDir) && emptyDir.medium === "Memory") {
    return { mounts: [], memory: [{ target, bytes: quantity(text(emptyDir.sizeLimit) ?? "") }] };
  }
  mkdirSync(folder, { recursive: true });
  // Whoever the step runs as in its container.
  chmodSync(folder, 0o777);
  return { mounts: [{ ...writable(folder), target }], memory: [] };
}

const KEYED = [
  ["secret", "secretName"],
  ["configMap", "name"],
] as const;

/** The values of a secret or config map as files, which are removed with the step's end. */
function values(
  source: { readonly [key: string]: JsonValue },
  kind: (typeof KEYED)[number][0],
  name: string,
  target: string,
  folder: string,
  vault: Vault,
): Mount {
  const held = vault.values(name)?.values;
  if (held === undefined && source.optional !== true) {
    const what = kind === "secret" ? "secret" : "config map";
    throw new StartRefusal({
      code: "missing-input",
      message: `The step mounts the ${what} "${name}" at ${target}, which is not there. Add it under Secrets, then retry.`,
      subject: name,
    });
  }
  mkdirSync(folder, { recursive: true });
  for (const [key, value] of Object.entries(held ?? {})) {
    if (FILE_NAME.test(key)) writeFileSync(join(folder, key), value, { mode: 0o444 });
  }
  return { ...readable(folder), target };
}

/** As Kubernetes names the values of secrets and config maps. */
const FILE_NAME = /^(?!\.{1,2}$)[-._A-Za-z0-9]{1,253}$/;

/** Removes what was made for a step alone: values of secrets do not outlive it. */
export function removeMounted(directory: string): void {
  try {
    rmSync(join(directory, ATTEMPT_FILES.mounted), { recursive: true, force: true });
  } catch {
    // What a container wrote as somebody else stays until the run is removed; the values of secrets are our own.
  }
}
