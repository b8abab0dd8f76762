/** Watches what live attempts take: the most memory their process trees hold, their processor time, and their memory limits. */
import { type KeptUsage, NOTHING_SEEN, readUsage, writeUsage } from "./attempt-traces";
import type { AttemptSite } from "./executor";
import { exactSizes, type ProcessTree, type TreeMember, type TreeReader, treeReader } from "./process-tree";

/** Soon after a start, for steps that are over soon; later looks are a tenth of the age apart, within these bounds. */
const EARLY_MS = [20, 60] as const;
const LEAST_MS = 100;
const MOST_MS = 1_000;
/** A step with a limit is looked at more often: it may grow by gigabytes in a second. */
const MOST_LIMITED_MS = 250;
/** Looks that are due within this time are one look. */
const TOGETHER_MS = 10;
/** Summing counts shared pages again for every process; up to here that is not worth asking for exact sizes. */
const SHARED_BYTES = 16 * 1024 * 1024;
/** What is kept on disk may lag behind by this much, and this long. */
const WORTH_KEEPING = 1.05;
const KEEP_EVERY_MS = 250;

interface Watched {
  readonly site: AttemptSite;
  readonly group: number;
  readonly sinceMs: number;
  readonly early: number[];
  nextMs: number;
  seen: KeptUsage;
  keptPeak: number;
  keptAtMs: number;
  isAsking: boolean;
}

export interface UsageWatch {
  /** Begins to look at an attempt whose shim leads this group. `isTaken`: an earlier engine may have seen some of it. */
  follow(site: AttemptSite, group: number, isTaken: boolean): void;
  /** Lets go and answers what was seen. */
  finish(site: AttemptSite): KeptUsage;
  release(): void;
}

export interface UsageWatchOptions {
  /** Called once for an attempt that holds more than its limit, with all that belong to it. */
  readonly onOver: (site: AttemptSite, group: number, members: readonly TreeMember[]) => void;
  readonly reader?: TreeReader;
}

/** When an attempt of this age is looked at again, in ms. */
export function nextLook(ageMs: number, isLimited: boolean): number {
  const apart = Math.min(Math.max(ageMs / 10, LEAST_MS), isLimited ? MOST_LIMITED_MS : MOST_MS);
  return ageMs + apart;
}

/** Whether the sum over the members may count much memory several times. */
export function isShared(sizes: readonly number[]): boolean {
  const sum = sizes.reduce((all, size) => all + size, 0);
  return sum - Math.max(0, ...sizes) > SHARED_BYTES;
}

const limitOf = ({ memoryLimitBytes }: AttemptSite): number => memoryLimitBytes ?? Number.POSITIVE_INFINITY;

const sumOf = (tree: ProcessTree, size: "residentBytes" | "heldBytes"): number =>
  tree.members.reduce((all, member) => all + member[size], 0);

export function usageWatch({ onOver, reader = treeReader() }: UsageWatchOptions): UsageWatch {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | null = null;
  let dueMs = Number.POSITIVE_INFINITY;

  const keep = (entry: Watched, nowMs: number): void => {
    const { seen } = entry;
    const isGrown = (seen.peakBytes ?? 0) > entry.keptPeak * WORTH_KEEPING;
    if (!isGrown || nowMs - entry.keptAtMs < KEEP_EVERY_MS) return;
    entry.keptPeak = seen.peakBytes ?? 0;
    entry.keptAtMs = nowMs;
    writeUsage(entry.site.directory, seen);
  };

  const note = (entry: Watched, residentBytes: number): void => {
    entry.seen = { ...entry.seen, peakBytes: Math.max(entry.seen.peakBytes ?? 0, residentBytes) };
  };

  const judge = (entry: Watched, usedBytes: number, members: readonly TreeMember[]): void => {
    const limitBytes = limitOf(entry.site);
    if (usedBytes <= limitBytes || entry.seen.overMemory !== null) return;
    entry.seen = { ...entry.seen, overMemory: { limitBytes, usedBytes } };
    // Written before anything is ended: whoever finds the end has to know why.
    writeUsage(entry.site.directory, entry.seen);
    onOver(entry.site, entry.group, members);
  };

  const learn = (entry: Watched, tree: ProcessTree, nowMs: number): void => {
    const { members } = tree;
    if (members.length === 0) return;
    const cpuMs = tree.cpuMs === null ? null : Math.max(tree.cpuMs, entry.seen.cpuMs ?? 0);
    entry.seen = { ...entry.seen, cpuMs };
    note(entry, Math.max(...members.map((member) => member.highBytes)));
    const resident = sumOf(tree, "residentBytes");
    const held = sumOf(tree, "heldBytes");
    if (!isShared(members.map(({ residentBytes }) => residentBytes))) {
      note(entry, resident);
      judge(entry, held, members);
    } else if (!entry.isAsking && (resident > (entry.seen.peakBytes ?? 0) || held > limitOf(entry.site))) {
      // The exact sizes can only be smaller than the sums, so where the sums prove nothing new nobody asks.
      entry.isAsking = true;
      void exactSizes(members).then((exact) => {
        entry.isAsking = false;
        if (watched.get(entry.site.id) !== entry) return;
        note(entry, exact?.residentBytes ?? resident);
        judge(entry, exact?.heldBytes ?? held, members);
      });
    }
    keep(entry, nowMs);
  };

  const look = (): void => {
    timer = null;
    dueMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    const due = [...watched.values()].filter(({ nextMs }) => nextMs <= nowMs + TOGETHER_MS);
    for (const entry of due) {
      const ageMs = nowMs - entry.sinceMs;
      const early = entry.early.shift();
      const next = early ?? nextLook(ageMs, entry.site.memoryLimitBytes !== undefined);
      entry.nextMs = entry.sinceMs + Math.max(next, ageMs + TOGETHER_MS);
    }
    const groups = due.map(({ group }) => group);
    if (groups.length > 0) {
      reader.read(groups, (trees) => {
        for (const entry of due) {
          const tree = trees.get(entry.group);
          if (tree !== undefined && watched.get(entry.site.id) === entry) learn(entry, tree, nowMs);
        }
      });
    }
    for (const { nextMs } of watched.values()) schedule(nextMs);
  };

  const schedule = (atMs: number): void => {
    if (atMs >= dueMs && timer !== null) return;
    if (timer !== null) clearTimeout(timer);
    dueMs = atMs;
    timer = setTimeout(look, Math.max(atMs - performance.now(), 0)).unref();
  };

  return {
    follow(site, group, isTaken) {
      const sinceMs = performance.now();
      const [first, ...early] = EARLY_MS;
      const nextMs = sinceMs + first;
      const seen = isTaken ? readUsage(site.directory) : NOTHING_SEEN;
      const kept = { keptPeak: seen.peakBytes ?? 0, keptAtMs: sinceMs };
      watched.set(site.id, { site, group, sinceMs, early, nextMs, seen, ...kept, isAsking: false });
      schedule(nextMs);
    },
    finish(site) {
      const entry = watched.get(site.id);
      watched.delete(site.id);
      return entry?.seen ?? readUsage(site.directory);
    },
    release() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      for (const { site, seen, keptPeak } of watched.values()) {
        if ((seen.peakBytes ?? 0) > keptPeak) writeUsage(site.directory, seen);
      }
      watched.clear();
    },
  };
}
