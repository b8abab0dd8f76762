/** Decides from the traces of an attempt what became of it while no engine looked. */
import { setTimeout as delay } from "node:timers/promises";
import type { ExitReport } from "../attempts/contract";
import {
  fenceOff,
  readExit,
  readIdentity,
  readUsage,
  recordedReport,
  type ShimIdentity,
  startedAtMs,
} from "./attempt-traces";
import type { AttemptSite } from "./executor";
import { isProcessAlive, listCarriers, processEntry } from "./process-table";

/** A shim that has set the fence writes its identity next; this long it may take on a machine under load. */
const IDENTITY_WAIT_MS = 1_000;

export type Found =
  | { readonly found: "alive"; readonly identity: ShimIdentity; readonly startedAtMs: number }
  | { readonly found: "ended"; readonly report: ExitReport; readonly startedAtMs: number | null }
  | { readonly found: "never-begun" }
  | { readonly found: "gone"; readonly because: "reboot" | "lost" };

function endedReport(directory: string): Found | null {
  const exit = readExit(directory);
  if (exit === null) return null;
  const report = recordedReport(exit, readUsage(directory));
  return { found: "ended", report, startedAtMs: startedAtMs(directory) };
}

/** The shim of an attempt by its mark: for one that could not write its identity on a full disk. */
function carriedIdentity(site: AttemptSite, bootId: string): ShimIdentity | null {
  for (const { pid, attemptId, environment } of listCarriers()) {
    const entry = processEntry(pid);
    const isLeader = entry !== null && entry.group === pid;
    if (isLeader && attemptId === site.id && environment.includes(site.directory)) {
      return { pid, startTicks: entry.startTicks, bootId };
    }
  }
  return null;
}

async function writtenIdentity(directory: string): Promise<ShimIdentity | null> {
  for (const until = performance.now() + IDENTITY_WAIT_MS; ; await delay(20)) {
    const identity = readIdentity(directory);
    if (identity !== null || performance.now() >= until || readExit(directory) !== null) return identity;
  }
}

/** What became of the attempt. Sets the fence where the shim has not, so that the answer stays true. */
export async function adoption(site: AttemptSite, handle: ShimIdentity | null, bootId: string): Promise<Found> {
  const over = endedReport(site.directory);
  const reference = handle ?? readIdentity(site.directory);
  if (reference !== null && reference.bootId !== bootId) return over ?? { found: "gone", because: "reboot" };
  if (reference !== null && isProcessAlive(reference.pid, reference.startTicks, site.id)) {
    return aliveOrNeverBegun(site, reference);
  }
  if (over !== null) return over;
  if (fenceOff(site.directory) !== "begun") return { found: "never-begun" };
  const identity = handle ?? (await writtenIdentity(site.directory)) ?? carriedIdentity(site, bootId);
  if (identity !== null && isProcessAlive(identity.pid, identity.startTicks, site.id)) {
    return { found: "alive", identity, startedAtMs: startedAtMs(site.directory) ?? Date.now() };
  }
  // It may have ended between the first look and this one.
  return endedReport(site.directory) ?? { found: "gone", because: "lost" };
}

/** A live shim that has not set its fence yet is fenced off and then runs nothing. */
function aliveOrNeverBegun(site: AttemptSite, identity: ShimIdentity): Found {
  const beganAtMs = startedAtMs(site.directory);
  if (beganAtMs === null && fenceOff(site.directory) !== "begun") return { found: "never-begun" };
  return { found: "alive", identity, startedAtMs: beganAtMs ?? Date.now() };
}
