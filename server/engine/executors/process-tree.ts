/** Reads what the process trees of attempts hold: memory and processor time of every member, in one pass for all. */
import { execFile } from "node:child_process";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";

export interface TreeMember {
  readonly pid: number;
  /** Tells a process from a later one with the same pid; 0 where the system does not say. */
  readonly startTicks: number;
  /** Resident now. */
  readonly residentBytes: number;
  /** Most that was ever resident, as the kernel counted it; what is resident now where it does not say. */
  readonly highBytes: number;
  /** What no file on disk backs and no limit could take back: the part that a memory limit counts. */
  readonly heldBytes: number;
}

export interface ProcessTree {
  /** The shim that leads the group is no member. */
  readonly members: readonly TreeMember[];
  /** Processor time so far, of all that live and of whom they have waited for; null where it is not known. */
  readonly cpuMs: number | null;
}

/** A process as one pass over the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly startTicks: number;
}

/** Kernel ticks of processor time; Linux counts in hundredths of a second towards programs. */
const MS_PER_TICK = 10;
const KIB = 1024;
const PASS_MS = 5_000;

/** The groups are the pids of the shims, which lead them. */
export interface TreeReader {
  /** Calls `found` with the tree of each group; at once on Linux. */
  read(groups: readonly number[], found: (trees: ReadonlyMap<number, ProcessTree>) => void): void;
}

/** The reader for this system. */
export const treeReader = (): TreeReader => (process.platform === "linux" ? procReader() : psReader());

/** The members of each group: who is in it, and whoever descends from a member, now or when it was seen before. */
export function membership(
  groups: readonly number[],
  listed: readonly ListedProcess[],
  before: ReadonlyMap<number, { readonly group: number; readonly startTicks: number }>,
): Map<number, { readonly group: number; readonly startTicks: number }> {
  const wanted = new Set(groups);
  const byPid = new Map(listed.map((one) => [one.pid, one]));
  const settled = new Map<number, number | null>();
  const groupOf = (pid: number): number | null => {
    const known = settled.get(pid);
    if (known !== undefined) return known;
    const process = byPid.get(pid);
    // Set first: a list taken while processes came and went may hold a circle.
    settled.set(pid, null);
    if (process === undefined) return null;
    const earlier = before.get(pid);
    const remembered = earlier?.startTicks === process.startTicks && wanted.has(earlier.group) ? earlier.group : null;
    const group = wanted.has(process.group) ? process.group : (remembered ?? groupOf(process.parent));
    settled.set(pid, group);
    return group;
  };
  const members = new Map<number, { group: number; startTicks: number }>();
  for (const { pid, startTicks } of listed) {
    const group = groupOf(pid);
    if (group !== null) members.set(pid, { group, startTicks });
  }
  return members;
}

const buffer = Buffer.allocUnsafe(8 * KIB);

/** Text of a small file of /proc; null when its process is gone. Half the cost of `readFileSync`. */
function procText(path: string): string | null {
  try {
    const file = openSync(path, "r");
    try {
      return buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

interface Stat extends ListedProcess {
  readonly cpuMs: number;
}

function readStat(pid: number): Stat | null {
  const stat = procText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (at: number): number => Number(fields[at]);
  const ticks = field(11) + field(12) + field(13) + field(14);
  return { pid, parent: field(1), group: field(2), startTicks: field(19), cpuMs: ticks * MS_PER_TICK };
}

/** A size of `/proc/…/status` or `smaps_rollup`, which count in KiB. */
const sizeIn = (text: string, name: string): number | null => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text);
  return found === null ? null : Number(found[1]) * KIB;
};

function readMember({ pid, startTicks }: Stat): TreeMember | null {
  const status = procText(`/proc/${pid}/status`);
  if (status === null) return null;
  const residentBytes = sizeIn(status, "VmRSS") ?? 0;
  const anonymous = sizeIn(status, "RssAnon");
  const heldBytes = anonymous === null ? residentBytes : anonymous + (sizeIn(status, "RssShmem") ?? 0);
  return { pid, startTicks, residentBytes, highBytes: sizeIn(status, "VmHWM") ?? residentBytes, heldBytes };
}

/** Reads /proc. Whoever was seen to belong to nobody is not looked at again for a while: most processes are not ours. */
function procReader(): TreeReader {
  let members: ReadonlyMap<number, { group: number; startTicks: number }> = new Map();
  const foreign = new Set<number>();
  let forgetAt = 0;

  const listed = (): Stat[] => {
    const stats: Stat[] = [];
    for (const name of readdirSync("/proc")) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || foreign.has(pid)) continue;
      const stat = readStat(pid);
      if (stat !== null) stats.push(stat);
    }
    return stats;
  };

  return {
    read(groups, found) {
      const now = performance.now();
      if (now >= forgetAt) {
        foreign.clear();
        forgetAt = now + PASS_MS;
      }
      for (const group of groups) foreign.delete(group);
      const stats = listed();
      members = membership(groups, stats, members);
      const trees = new Map(groups.map((group) => [group, { members: [] as TreeMember[], cpuMs: 0 }]));
      for (const stat of stats) {
        const { pid } = stat;
        const belongs = members.get(pid);
        const tree = belongs === undefined ? undefined : trees.get(belongs.group);
        if (belongs === undefined || tree === undefined) {
          foreign.add(pid);
          continue;
        }
        tree.cpuMs += stat.cpuMs;
        const member = pid === belongs.group ? null : readMember(stat);
        if (member !== null) tree.members.push(member);
      }
      found(trees);
    },
  };
}

/** Asks `ps`, for systems without /proc. One question serves all. */
export function psReader(): TreeReader {
  let isAsking = false;
  return {
    read(groups, found) {
      if (isAsking) return;
      isAsking = true;
      execFile("ps", ["-A", "-o", "pid=,ppid=,pgid=,rss="], { maxBuffer: 16 * KIB * KIB }, (error, text) => {
        isAsking = false;
        if (error === null) found(treesOf(groups, text));
      });
    },
  };
}

function treesOf(groups: readonly number[], text: string): Map<number, ProcessTree> {
  const rows = text.split("\n").flatMap((line) => {
    const [pid, parent, group, resident] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined || group === undefined || resident === undefined) return [];
    return [{ pid, parent, group, startTicks: 0, bytes: resident * KIB }];
  });
  const members = membership(groups, rows, new Map());
  const trees = new Map(groups.map((group) => [group, { members: [] as TreeMember[], cpuMs: null }]));
  for (const { pid, bytes } of rows) {
    const belongs = members.get(pid);
    if (belongs === undefined || belongs.group === pid) continue;
    trees.get(belongs.group)?.members.push({
      pid,
      startTicks: 0,
      residentBytes: bytes,
      highBytes: bytes,
      heldBytes: bytes,
    });
  }
  return trees;
}

/** What a tree holds with every shared page counted once; null where the kernel does not say it. Off the main thread. */
export async function exactSizes(
  members: readonly TreeMember[],
): Promise<{ readonly residentBytes: number; readonly heldBytes: number } | null> {
  let residentBytes = 0;
  let heldBytes = 0;
  for (const { pid } of members) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, "latin1").catch(() => null);
    const resident = text === null ? null : sizeIn(text, "Pss");
    if (text === null || resident === null) continue;
    const anonymous = sizeIn(text, "Pss_Anon");
    residentBytes += resident;
    heldBytes += anonymous === null ? resident : anonymous + (sizeIn(text, "Pss_Shmem") ?? 0);
  }
  return residentBytes === 0 ? null : { residentBytes, heldBytes };
}
