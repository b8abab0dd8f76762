/** Keeps the Python environments within their disk space: those unused for longest go first, never one that is used. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { EnvironmentView } from "@/server/domain/views/surroundings";
import {
  BESIDE,
  environmentFolderNames,
  readEnvironments,
  type StoredEnvironment,
  WISH,
} from "@/server/platform/environment-folder";
import type { Context } from "../context";
import { readSetting } from "../settings/setting";
import { environmentView } from "./environment-view";
import { isLeaving, takeAway } from "./remove-environment";

/** One that was used a moment ago belongs to a step that is about to start. */
const RESTS_MS = 10 * 60_000;
const NOTES_KEPT_MS = 24 * 3_600_000;
/** Downloads that builds share, beside the environments. */
const DOWNLOADS = "uv-cache";

/** Bytes of everything below a folder; 0 where there is none. */
function sizeBelow(folder: string): number {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0;
  }
}

/** Which environments have to go so that the rest fits: those unused for longest, but none used just now. */
function leastUsed(all: readonly StoredEnvironment[], limit: number, nowMs: number): readonly StoredEnvironment[] {
  const ready = all.filter(({ state }) => state === "ready");
  let total = ready.reduce((sum, { note }) => sum + (note.size ?? 0), 0);
  const chosen: StoredEnvironment[] = [];
  for (const one of [...ready].sort((a, b) => (a.lastUsedAtMs ?? 0) - (b.lastUsedAtMs ?? 0))) {
    if (total <= limit) break;
    if (nowMs - (one.lastUsedAtMs ?? 0) < RESTS_MS) continue;
    chosen.push(one);
    total -= one.note.size ?? 0;
  }
  return chosen;
}

/** Clears what nobody needs and tells which environments went. */
export async function sweepEnvironments(
  context: Pick<Context, "db" | "dataDir" | "now">,
): Promise<readonly EnvironmentView[]> {
  const { db, dataDir, now } = context;
  const { envs } = dataDir;
  const nowMs = now().getTime();
  await clearLeftOvers(envs, nowMs);
  const limit = readSetting(db, "max-environment-bytes");
  const gone: EnvironmentView[] = [];
  for (const one of leastUsed(readEnvironments(envs), limit, nowMs)) {
    if ((await takeAway(context, one.key)) === "gone") gone.push(environmentView(one, false));
  }
  const isBuilding = environmentFolderNames(envs).some((name) => name.endsWith(BESIDE.lock));
  const downloads = join(envs, DOWNLOADS);
  if (!isBuilding && sizeBelow(downloads) > limit / 4) await rm(downloads, { recursive: true, force: true });
  return gone;
}

/** What removals left that were cut off, and notes that nobody asks for any more. */
async function clearLeftOvers(envs: string, nowMs: number): Promise<void> {
  for (const name of environmentFolderNames(envs)) {
    const path = join(envs, name);
    if (isLeaving(name)) await rm(path, { recursive: true, force: true });
    const isNote = [BESIDE.failed, WISH.done, WISH.log].some((ending) => name.endsWith(ending));
    const madeAtMs = isNote ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (madeAtMs !== undefined && nowMs - madeAtMs > NOTES_KEPT_MS) rmSync(path, { force: true });
  }
}
