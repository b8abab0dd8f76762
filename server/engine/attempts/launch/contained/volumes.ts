/** The volumes that a step mounts by name, as folders of this machine. */
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { FileBody } from "@/pipelines/graph";
import type { Mount } from "../../../executors/executor";
import { isWithin } from "../../collect/confine";
import { StartRefusal, type Vault } from "../../contract";

/** The mounts of volumes. Throws `StartRefusal` for one that is not there or leads out of its volume. */
export function volumeMounts(volumes: FileBody["volumes"], vault: Pick<Vault, "volume">): Mount[] {
  return volumes.map(({ path: target, claim, subPath, readOnly }) => {
    const folder = vault.volume(claim);
    if (folder === undefined) throw refusal(claim, "which is not there. Add it under Volumes, then retry");
    const path = join(folder, subPath ?? "");
    if (!isWithin(path, folder)) throw refusal(claim, `at ${subPath}, which leads out of it. Correct the sub-path`);
    if (!existsSync(path)) mkdirSync(path, { recursive: true });
    if (!isWithin(realpathSync(path), realpathSync(folder))) {
      throw refusal(claim, `at ${subPath}, which is a link that leads out of it. Correct the volume`);
    }
    return { path, target, isWritable: readOnly !== true };
  });
}

const refusal = (claim: string, why: string): StartRefusal =>
  new StartRefusal({
    code: "missing-input",
    message: `The step mounts the volume "${claim}", ${why}.`,
    subject: claim,
  });
