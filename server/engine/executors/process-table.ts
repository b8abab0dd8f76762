/** What the operating system knows of processes: who is alive, since when, in which group, with which attempt's id. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process as the kernel lists it; `startTicks` tells it from a later one with the same pid. */
export interface ProcessEntry {
  readonly isZombie: boolean;
  readonly group: number;
  readonly startTicks: number;
}

const isLinux = process.platform === "linux";

/** Reads the entry of a pid; null when there is no such process (or no /proc). */
export function processEntry(pid: number): ProcessEntry | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
  // The name in parentheses may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0] ?? "";
  return {
    isZombie: state === "Z" || state === "X",
    group: Number(fields[2]),
    startTicks: Number(fields[19]),
  };
}

/** Start time of a live or just ended child, null where the system does not tell it cheaply (macOS). */
export const startTicksOf = (pid: number): number | null => (isLinux ? (processEntry(pid)?.startTicks ?? null) : null);

/** Identifies one boot of this machine; empty when the system does not say. */
export function readBootId(): string {
  try {
    if (isLinux) return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const answer = execFileSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" });
    return answer.trim();
  } catch {
    return "";
  }
}

/** Whether the very process that started at these ticks still runs. Without ticks its environment must name the attempt. */
export function isProcessAlive(pid: number, startTicks: number | null, attemptId: string | null): boolean {
  if (isLinux) {
    const entry = processEntry(pid);
    return entry !== null && !entry.isZombie && entry.startTicks === startTicks;
  }
  if (attemptId === null) return false;
  try {
    const line = execFileSync("ps", ["-E", "-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return line.includes(`PENSTOCK_ATTEMPT=${attemptId}`);
  } catch {
    return false;
  }
}

/** Whether any process is left in a group, zombies included. */
export function groupExists(group: number): boolean {
  return signalGroup(group, 0);
}

/** Sends a signal to a whole group; false when the group is gone. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return deliver(-group, signal);
}

/** Sends a signal to one process; false when it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  return deliver(pid, signal);
}

function deliver(target: number, signal: NodeJS.Signals | 0): boolean {
  // 0, 1 and -1 would reach our own group, init or everybody.
  if (!Number.isInteger(target) || Math.abs(target) < 2) return false;
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A process that carries an attempt's id in its environment. */
export interface Carrier {
  readonly pid: number;
  readonly attemptId: string;
  /** The environment it was started with, as `NAME=value` texts ended by NUL. */
  readonly environment: string;
}

const CARRIED = "PENSTOCK_ATTEMPT=";

/** Every process of ours that carries any attempt's id. One pass over /proc; empty where there is none. */
export function listCarriers(): Carrier[] {
  if (!isLinux) return [];
  const carriers: Carrier[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = readEnvironment(pid);
    const at = environment.startsWith(CARRIED) ? 0 : environment.indexOf(`\0${CARRIED}`) + 1;
    if (at === 0 && !environment.startsWith(CARRIED)) continue;
    const from = at + CARRIED.length;
    const end = environment.indexOf("\0", from);
    carriers.push({ pid, attemptId: environment.slice(from, end === -1 ? undefined : end), environment });
  }
  return carriers;
}

function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    // Another user's, a kernel thread, or gone meanwhile.
    return "";
  }
}
