/** Removes containers that attempts have left behind, and no others: the folder of the attempt proves whose they are. */
import { isWithin } from "../../attempts/collect/confine";
import { readEnd } from "../attempt-end";
import type { EngineClient, Listed } from "./client";
import { LABELS } from "./container-body";
import { readFence } from "./traces";

export interface SweepFacts {
  /** The fence in the folder that a container names; null where there is none. */
  readonly fenceIn: (directory: string) => string | null;
  readonly endedAtMs: (directory: string) => number | null;
  readonly isFollowed: (fence: string) => boolean;
  readonly nowMs: number;
}

/** Whether a container is ours, followed by nobody, and past the time that it was to be kept. */
export function isLeftover({ Labels }: Listed, folder: string, facts: SweepFacts): boolean {
  const directory = Labels[LABELS.directory];
  const fence = Labels[LABELS.fence];
  if (directory === undefined || fence === undefined || !isWithin(directory, folder)) return false;
  if (facts.fenceIn(directory) !== fence || facts.isFollowed(fence)) return false;
  const endedAtMs = facts.endedAtMs(directory);
  const keepMs = Number(Labels[LABELS.keepMs] ?? 0) || 0;
  return endedAtMs === null || endedAtMs + keepMs <= facts.nowMs;
}

/** Removes what attempts below the folder have left with this engine. */
export async function sweepLeftovers(
  client: EngineClient,
  folder: string,
  isFollowed: (fence: string) => boolean,
): Promise<void> {
  const facts: SweepFacts = {
    fenceIn: (directory) => readFence(directory)?.fence ?? null,
    endedAtMs: (directory) => readEnd(directory)?.atMs ?? null,
    isFollowed,
    nowMs: Date.now(),
  };
  for (const one of await client.list(LABELS.fence)) {
    if (isLeftover(one, folder, facts)) await client.remove(one.Id).catch(() => undefined);
  }
}
