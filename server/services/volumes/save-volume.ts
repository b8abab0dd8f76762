/** Makes a volume, or changes what is given of one. */
import { mkdirSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { addEvent } from "@/db/queries/events";
import { findVolume, insertVolume, updateVolumeRow, type VolumeRow } from "@/db/queries/volumes";
import type { SaveVolumeInput } from "@/server/domain/inputs/surroundings";
import { ProblemError } from "@/server/domain/problem-error";
import type { VolumeView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { volumeView } from "./volume-view";

/**
 * Saves a volume: a directory of the machine, or without a path one that Penstock keeps. A new path leaves the files of
 * the old one where they are. Throws `invalid` for a path that is no directory or lies in the data directory.
 */
export async function saveVolume(context: Context, input: SaveVolumeInput): Promise<VolumeView> {
  if (input.path !== undefined) checkPath(context.dataDir.home, input.path);
  return write(context.db, (tx) => {
    const at = context.now();
    const { name, description, path } = input;
    const before = findVolume(tx, name);
    addEvent(tx, { at, topic: "system", subject: null, kind: "volumes" });
    if (before === undefined) {
      const row = { name, description: description ?? "", path: path ?? null, createdAt: at, updatedAt: at };
      return volumeView(context.dataDir, made(context, insertVolume(tx, row)));
    }
    const change = { description: description ?? before.description, path: path ?? before.path };
    updateVolumeRow(tx, before.key, { ...change, updatedAt: at });
    return volumeView(context.dataDir, { ...before, ...change });
  });
}

function made({ dataDir }: Context, row: VolumeRow): VolumeRow {
  if (row.path === null) mkdirSync(dataDir.volume(row.key), { recursive: true, mode: 0o700 });
  return row;
}

function checkPath(home: string, path: string): void {
  const invalid = (words: string) => new ProblemError("invalid", `${path} ${words}`);
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw invalid("does not exist on the machine that runs the steps. Make the directory first.");
  }
  if (!statSync(real).isDirectory()) throw invalid("is no directory. Give the directory that steps are to see.");
  if (`${real}${sep}`.startsWith(`${realpathSync(home)}${sep}`)) {
    throw invalid("lies in Penstock's data directory, which steps may not be given. Choose another, or leave it out.");
  }
}
