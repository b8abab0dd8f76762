/** Ends what must not live on: TERM at once, KILL after the grace, to process groups and to daemons that left them. */
import { sep } from "node:path";
import type { AttemptSite } from "./executor";
import { type Carrier, groupExists, listCarriers, processEntry, signalGroup, signalProcess } from "./process-table";

const STEP_MS = 50;
/** How long after an attempt's end its daemons are looked for; one pass serves all attempts that ended meanwhile. */
const SWEEP_MS = 400;
/** A process that survives KILL this long (stuck in the kernel, another user's) is given up. */
const GIVE_UP_MS = 5_000;

type Mark = Pick<AttemptSite, "id" | "directory">;

interface Ending {
  readonly mark: Mark;
  /** Null once the group was seen empty: its number may belong to somebody else from then on. */
  group: number | null;
  killAtMs: number;
  /** Whether its daemons have been asked to end. */
  isAsked: boolean;
}

/** Whether a process belongs to an attempt: ids alone may repeat between data directories. */
const carries = (carrier: Carrier, mark: Mark): boolean =>
  carrier.attemptId === mark.id && carrier.environment.includes(mark.directory);

export interface Reaper {
  /** Ends an attempt's group (null: known to be gone) and its daemons. A second call can only bring the kill forward. */
  end(mark: Mark, group: number | null, graceMs: number): void;
  /** Looks soon for daemons of an attempt whose group is gone. */
  sweepLater(site: AttemptSite): void;
  /** Ends at once whatever carries the id of any attempt below this folder, but for the spared ones. */
  endStrays(folder: string, isSpared: (attemptId: string) => boolean): void;
  release(): void;
}

export function processReaper(): Reaper {
  const endings = new Map<string, Ending>();
  let swept = new Map<string, AttemptSite>();
  let stepTimer: NodeJS.Timeout | null = null;
  let sweepTimer: NodeJS.Timeout | null = null;

  const kill = (ending: Ending, daemons: readonly Carrier[], now: number): void => {
    if (ending.group !== null) signalGroup(ending.group, "SIGKILL");
    for (const daemon of daemons) signalProcess(daemon.pid, "SIGKILL");
    const isGone = ending.group === null && daemons.length === 0;
    if (isGone || now > ending.killAtMs + GIVE_UP_MS) endings.delete(ending.mark.id);
  };

  const ask = (ending: Ending, daemons: readonly Carrier[]): void => {
    ending.isAsked = true;
    for (const daemon of daemons) {
      // Who is in the group has been asked already; a second TERM often means "at once".
      if (ending.group !== null && processEntry(daemon.pid)?.group === ending.group) continue;
      signalProcess(daemon.pid, "SIGTERM");
      signalProcess(daemon.pid, "SIGCONT");
    }
  };

  const step = (): void => {
    stepTimer = null;
    const now = performance.now();
    for (const ending of endings.values()) {
      if (ending.group !== null && !groupExists(ending.group)) ending.group = null;
    }
    // While a group is within its grace nothing has to be looked up: a pass over /proc costs milliseconds.
    const current = [...endings.values()].filter((e) => !e.isAsked || e.group === null || now >= e.killAtMs);
    const carriers = current.length === 0 ? [] : listCarriers();
    for (const ending of current) {
      const daemons = carriers.filter((carrier) => carries(carrier, ending.mark));
      if (now >= ending.killAtMs) kill(ending, daemons, now);
      else if (!ending.isAsked) ask(ending, daemons);
      else if (daemons.length === 0) endings.delete(ending.mark.id);
    }
    if (endings.size > 0) schedule(STEP_MS);
  };

  const schedule = (ms: number): void => {
    if (stepTimer !== null) clearTimeout(stepTimer);
    stepTimer = setTimeout(step, ms).unref();
  };

  const end = (mark: Mark, group: number | null, graceMs: number): void => {
    const killAtMs = performance.now() + graceMs;
    const known = endings.get(mark.id);
    if (known !== undefined) {
      known.killAtMs = Math.min(known.killAtMs, killAtMs);
    } else {
      endings.set(mark.id, { mark, group, killAtMs, isAsked: false });
      if (group !== null) {
        signalGroup(group, graceMs > 0 ? "SIGTERM" : "SIGKILL");
        // A stopped process would sit on its TERM until it is continued.
        signalGroup(group, "SIGCONT");
      }
    }
    schedule(0);
  };

  const sweep = (): void => {
    sweepTimer = null;
    const sites = [...swept.values()];
    swept = new Map();
    const carriers = listCarriers();
    for (const site of sites) {
      if (carriers.some((carrier) => carries(carrier, site))) end(site, null, site.graceMs);
    }
  };

  return {
    end,
    sweepLater(site) {
      swept.set(site.id, site);
      sweepTimer ??= setTimeout(sweep, SWEEP_MS).unref();
    },
    endStrays(folder, isSpared) {
      for (const carrier of listCarriers()) {
        if (carrier.environment.includes(folder + sep) && !isSpared(carrier.attemptId)) {
          signalProcess(carrier.pid, "SIGKILL");
        }
      }
    },
    release() {
      if (stepTimer !== null) clearTimeout(stepTimer);
      if (sweepTimer !== null) clearTimeout(sweepTimer);
      stepTimer = sweepTimer = null;
      endings.clear();
      swept.clear();
    },
  };
}
