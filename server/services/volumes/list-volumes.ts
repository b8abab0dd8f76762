/** Lists volumes. */
import { listVolumeRows } from "@/db/queries/volumes";
import type { VolumeView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { volumeView } from "./volume-view";

/** All volumes by name. */
export function listVolumes({ db, dataDir }: Context): VolumeView[] {
  return listVolumeRows(db).map((row) => volumeView(dataDir, row));
}
