/** What a container sees of this machine: the step's own folders, what it is given, and nothing that leads elsewhere. */
import { realpathSync } from "node:fs";
import { join, relative } from "node:path";
import type { DataDir } from "@/server/platform/data-dir";
import { programRoot } from "@/server/platform/root";
import type { Mount } from "../../../executors/executor";
import { isWithin } from "../../collect/confine";
import { type AttemptRequest, StartRefusal } from "../../contract";
import { privateFolder } from "../../environment";
import type { AttemptPaths } from "../plan";

/** Helpers that start a step's program in its image. */
export const RUNTIME = join(programRoot(), "pipelines", "runtime");

/** A folder or file that a container may read. */
export const readable = (path: string): Mount => ({ path, isWritable: false });
/** A folder or file that a container may change. */
export const writable = (path: string): Mount => ({ path, isWritable: true });

/** The step's own folders, and the artifacts that it is given. */
export function commonMounts({ inputs }: AttemptRequest, { directory, work, out }: AttemptPaths): Mount[] {
  const artifacts = Object.values(inputs.artifacts)
    .flat()
    .flatMap(({ path }) => (path === null ? [] : [path]));
  return [
    ...[work, out, privateFolder(directory)].map((path) => writable(path)),
    ...[...new Set(artifacts)].map((path) => readable(path)),
  ];
}

/** The folders of which anything may be mounted. */
export interface Allowed {
  readonly dataDir: Pick<DataDir, "runs" | "volumes" | "envs">;
  /** The allow-list of the profile. */
  readonly folders: readonly string[];
}

const realPath = (path: string): string | null => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};

/** The mounts as they really lead, each once. Throws `StartRefusal` for one that leads out of what may be mounted. */
export function checkedMounts(mounts: readonly Mount[], { dataDir, folders }: Allowed): Mount[] {
  const own = [dataDir.runs, dataDir.volumes, dataDir.envs, RUNTIME];
  const roots = [...own, ...folders].map(realPath).filter((path) => path !== null);
  const checked = mounts.map((mount) => {
    const real = realPath(mount.path);
    if (real === null) throw missing(mount.path);
    if (!roots.some((root) => isWithin(real, root))) throw notAllowed(mount.path, real);
    return { ...mount, path: real, target: mount.target ?? mount.path };
  });
  return [...new Map(checked.map((mount) => [mount.target, mount])).values()].filter(
    // What lies in another mount is there already.
    ({ path, target, isWritable }, _, all) =>
      !all.some(
        (other) =>
          other.target !== target &&
          isWithin(target, other.target) &&
          join(other.path, relative(other.target, target)) === path &&
          other.isWritable === isWritable,
      ),
  );
}

const missing = (path: string): StartRefusal =>
  new StartRefusal({
    code: "missing-file",
    message: `The container of the step needs ${path}, which is not there any more. Start a new run.`,
    subject: path,
  });

function notAllowed(path: string, real: string): StartRefusal {
  const leads = path === real ? "" : ` (${real})`;
  return new StartRefusal({
    code: "bad-input",
    message: `The container of the step would be given ${path}${leads} of this machine, which its profile does not allow. Add the folder to the profile's mounts, then start a new run.`,
    subject: path,
  });
}
