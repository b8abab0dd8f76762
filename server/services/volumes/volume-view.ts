/** Volumes as views. */
import type { VolumeRow } from "@/db/queries/volumes";
import type { VolumeView } from "@/server/domain/views/surroundings";
import type { DataDir } from "@/server/platform/data-dir";

/** The view of a row. */
export function volumeView(dataDir: DataDir, row: VolumeRow): VolumeView {
  return {
    name: row.name,
    description: row.description,
    path: row.path ?? dataDir.volume(row.key),
    isManaged: row.path === null,
    createdAt: row.createdAt.toISOString(),
  };
}
