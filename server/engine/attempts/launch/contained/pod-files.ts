/** How the files of a step get into its pod and back: sent by Penstock, or on a claim that holds the data directory. */
import { cpSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PodSettings } from "@/server/domain/pod";
import type { Mount, PodOrder } from "../../../executors/executor";
import { isWithin } from "../../collect/confine";
import { type AttemptRequest, StartRefusal } from "../../contract";

/** Where what does not lie on the claim is copied to, below the attempt's folder. */
const GIVEN = "given";

/** How files travel. Throws `StartRefusal` where the profile says neither. `runs` is the folder of all runs. */
export function podFiles(
  { address, claim }: Pick<PodSettings, "address" | "claim">,
  { run, taskKey, number }: AttemptRequest,
  runs: string,
): PodOrder["files"] {
  if (claim !== null) return { by: "sharing", claim, root: dirname(realpathSync(runs)) };
  if (address !== null) return { by: "sending", address: `${address}/api/pods/${run.key}/${taskKey}/${number}/files` };
  throw new StartRefusal({
    code: "cannot-start",
    message:
      "The profile does not say how files get into pods. Give it the address by which pods reach Penstock (http://host:port), or a claim that holds the data directory.",
    subject: null,
  });
}

/** The mounts as pods can have them: with a claim, what lies elsewhere is copied into the attempt's folder and read there. */
export function podMounts(mounts: readonly Mount[], files: PodOrder["files"], directory: string): Mount[] {
  if (files.by === "sending") return [...mounts];
  return mounts.map((mount, at) => {
    if (isWithin(mount.path, files.root)) return { ...mount, target: mount.target ?? mount.path };
    const copy = join(realpathSync(directory), GIVEN, String(at));
    cpSync(mount.path, copy, { recursive: true });
    return { path: copy, target: mount.target ?? mount.path, isWritable: mount.isWritable };
  });
}
