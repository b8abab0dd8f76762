/** Removes a volume; its files stay. */
import { addEvent } from "@/db/queries/events";
import { deleteVolumeRow, findVolume } from "@/db/queries/volumes";
import { ProblemError } from "@/server/domain/problem-error";
import type { VolumeView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { volumeView } from "./volume-view";

/** Forgets the volume and tells where its files are, which nothing deletes. Throws `not-found`. */
export async function removeVolume(context: Context, name: string): Promise<VolumeView> {
  return write(context.db, (tx) => {
    const row = findVolume(tx, name);
    if (row === undefined) throw new ProblemError("not-found", `There is no volume named ${name}.`);
    deleteVolumeRow(tx, row.key);
    addEvent(tx, { at: context.now(), topic: "system", subject: null, kind: "volumes" });
    return volumeView(context.dataDir, row);
  });
}
