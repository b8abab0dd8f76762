/** Runs attempts as process groups on this machine, through the shim, so that they outlive the engine. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { AttemptHandle, ExitReport } from "../attempts/contract";
import { adoption } from "./adoption";
import { type KeptUsage, NOTHING_RUN, readExit, recordedReport } from "./attempt-traces";
import type { AttemptSite, Ended, Executor, Inspection, StartSpec } from "./executor";
import { giveWay } from "./niceness";
import { groupExists, isProcessAlive, processEntry, readBootId, signalProcess, startTicksOf } from "./process-table";
import { processReaper } from "./reaper";
import { diagnosedStart } from "./start-failure";
import { usageWatch } from "./usage-watch";

const POLL_MIN_MS = 20;
const POLL_MAX_MS = 200;
/** Whatever an attempt over its memory limit starts while it is being ended has this long. */
const OVER_GRACE_MS = 1_000;

interface Live {
  readonly site: AttemptSite;
  readonly pid: number;
  /** For adopted processes only: they are not our children, so their end has to be looked for. */
  readonly watched: { readonly startTicks: number | null; readonly ended: Ended } | null;
}

export interface ProcessExecutorOptions {
  /** Absolute path of pipelines/runtime/shim.sh. */
  readonly shim: string;
  /** Identifies this boot of the machine; tests give another to play a reboot. */
  readonly bootId?: () => string;
  readonly now?: () => number;
}

/** What takes a while elsewhere is known here at once. */
export interface ProcessExecutor extends Executor {
  start(spec: StartSpec, ended: Ended): AttemptHandle;
  inspect(handle: AttemptHandle): Inspection;
}

/** The identity kept in the attempt's row. */
function parseHandle(handle: AttemptHandle | null) {
  const pid = handle?.pid;
  if (handle === null || typeof pid !== "number") return null;
  return {
    pid,
    startTicks: typeof handle.startTicks === "number" ? handle.startTicks : null,
    bootId: typeof handle.bootId === "string" ? handle.bootId : "",
  };
}

/** The report of an attempt whose shim left no exit code. */
const unrecordedReport = (signal: string | null, atMs: number, { overMemory, ...usage }: KeptUsage): ExitReport => ({
  code: null,
  signal,
  atMs,
  usage,
  ...(overMemory === null ? {} : { overMemory }),
});

/** Makes the executor of processes on this machine. */
export function processExecutor(options: ProcessExecutorOptions): ProcessExecutor {
  const bootId = (options.bootId ?? readBootId)();
  const now = options.now ?? Date.now;
  const live = new Map<string, Live>();
  const reaper = processReaper();
  const usage = usageWatch({
    // Not the shim: it lives on for a moment to record the end and the processor time.
    onOver(site, group, members) {
      for (const { pid, startTicks } of members) {
        if (isProcessAlive(pid, startTicks, site.id)) signalProcess(pid, "SIGKILL");
      }
      reaper.end(site, group, OVER_GRACE_MS);
    },
  });
  let pollTimer: NodeJS.Timeout | null = null;
  let pollMs = POLL_MIN_MS;

  const childEnded = (site: AttemptSite, pid: number, code: number | null, signal: string | null): ExitReport => {
    live.delete(site.id);
    const seen = usage.finish(site);
    const recorded = readExit(site.directory);
    // The group's number is ours as long as a member lives, and free again only since this very turn.
    const hasLeftovers = groupExists(pid);
    if (code !== null && code !== NOTHING_RUN) {
      if (hasLeftovers) reaper.end(site, pid, site.graceMs);
      else reaper.sweepLater(site);
      return recordedReport({ cpuMs: null, ...recorded, code, atMs: now() }, seen);
    }
    // The shim is gone without a word: its command may still run and must not meet the next attempt.
    reaper.end(site, hasLeftovers ? pid : null, recorded === null ? 0 : site.graceMs);
    return recorded === null ? unrecordedReport(signal, now(), seen) : recordedReport(recorded, seen);
  };

  const watchedEnded = (entry: Live): ExitReport => {
    live.delete(entry.site.id);
    const seen = usage.finish(entry.site);
    const recorded = readExit(entry.site.directory);
    // Between two looks the number may have gone to somebody else, who then leads a group of that number.
    const holder = processEntry(entry.pid);
    const isForeign = holder !== null && holder.startTicks !== entry.watched?.startTicks;
    reaper.end(entry.site, isForeign ? null : entry.pid, recorded === null ? 0 : entry.site.graceMs);
    return recorded === null ? unrecordedReport(null, now(), seen) : recordedReport(recorded, seen);
  };

  const poll = (): void => {
    pollTimer = null;
    const watching = [...live.values()].filter((entry) => entry.watched !== null);
    for (const entry of watching) {
      const { watched, site, pid } = entry;
      if (watched === null || isProcessAlive(pid, watched.startTicks, site.id)) continue;
      watched.ended(watchedEnded(entry));
    }
    if (watching.length > 0) schedulePoll(Math.min(pollMs * 1.25, POLL_MAX_MS));
  };

  const schedulePoll = (ms: number): void => {
    if (pollTimer !== null) clearTimeout(pollTimer);
    pollMs = ms;
    pollTimer = setTimeout(poll, ms).unref();
  };

  return {
    start(spec: StartSpec, ended) {
      const child = diagnosedStart(spec, () => {
        const log = openSync(join(spec.directory, ATTEMPT_FILES.log), "a", 0o600);
        try {
          return spawn("/bin/sh", [options.shim, spec.directory, bootId || "-", ...spec.argv], {
            cwd: spec.cwd,
            env: spec.env as NodeJS.ProcessEnv,
            detached: true,
            stdio: ["ignore", log, log],
          });
        } finally {
          closeSync(log);
        }
      });
      const { pid } = child;
      giveWay(pid);
      const { id, directory, graceMs, memoryLimitBytes } = spec;
      const site = { id, directory, graceMs, ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }) };
      live.set(id, { site, pid, watched: null });
      usage.follow(site, pid, false);
      child.process.on("exit", (code, signal) => {
        // After release the next engine reports it.
        if (live.get(id)?.pid === pid) ended(childEnded(site, pid, code, signal));
      });
      child.process.unref();
      return { pid, startTicks: startTicksOf(pid), bootId };
    },

    async adopt(site, handle, ended) {
      const found = await adoption(site, parseHandle(handle), bootId);
      if (found.found !== "alive") {
        if (found.found !== "never-begun") reaper.end(site, null, found.found === "ended" ? site.graceMs : 0);
        return found;
      }
      const { pid, startTicks } = found.identity;
      live.set(site.id, { site, pid, watched: { startTicks, ended } });
      usage.follow(site, pid, true);
      schedulePoll(POLL_MIN_MS);
      return { found: "alive", handle: { pid, startTicks, bootId }, startedAtMs: found.startedAtMs };
    },

    stop(id, graceMs) {
      const entry = live.get(id);
      if (entry === undefined) return;
      const { watched, site, pid } = entry;
      const isOurs = watched === null || isProcessAlive(pid, watched.startTicks, id);
      reaper.end(site, isOurs ? pid : null, graceMs);
    },

    inspect(handle): Inspection {
      const identity = parseHandle(handle);
      if (identity === null) return "gone";
      if (identity.bootId !== bootId) return "reboot";
      return isProcessAlive(identity.pid, identity.startTicks, null) ? "alive" : "gone";
    },

    reapStrays(folder, isFollowed) {
      reaper.endStrays(folder, (id) => live.has(id) || isFollowed(id));
    },

    release() {
      if (pollTimer !== null) clearTimeout(pollTimer);
      pollTimer = null;
      live.clear();
      usage.release();
      reaper.release();
    },
  };
}
