/** The side-effect journal that test steps write, and what can be read off it: doubles, overlaps and concurrency. */
import { existsSync, readFileSync } from "node:fs";

export interface JournalEntry {
  readonly kind: "start" | "end";
  readonly run: string;
  readonly step: string;
  readonly attempt: string;
  readonly atNs: bigint;
}

/** One execution of a step's command as the command itself saw it; `endNs` is null when it never came to its end. */
export interface Execution {
  readonly run: string;
  readonly step: string;
  readonly attempt: string;
  readonly startNs: bigint;
  readonly endNs: bigint | null;
}

/** Shell text of a step that journals its start and end, prints `lines` numbered lines and sleeps; `tail` runs last. */
export function journalingScript(
  journal: string,
  options: { lines: number; sleepSeconds: number; tail?: string },
): string {
  const note = (kind: string) =>
    `printf '${kind} %s %s %s %s\\n' "$PENSTOCK_RUN_ID" "$PENSTOCK_STEP" "$PENSTOCK_ATTEMPT" "$(date +%s%N)" >> '${journal}'`;
  return [
    note("start"),
    `i=0; while [ $i -lt ${options.lines} ]; do i=$((i+1)); echo "line $i of ${options.lines}"; done`,
    `sleep ${options.sleepSeconds}`,
    note("end"),
    options.tail ?? "true",
  ].join("\n");
}

/** Reads the journal; a missing file is an empty one. Throws on a torn line, which O_APPEND rules out. */
export function readJournal(file: string): JournalEntry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [kind, run, step, attempt, at] = line.split(" ");
      if ((kind !== "start" && kind !== "end") || !run || !step || !attempt || !at) {
        throw new Error(`torn journal line: ${line}`);
      }
      return { kind, run, step, attempt, atNs: BigInt(at) };
    });
}

/** Pairs starts with ends. Throws when one attempt started twice, which breaks promise 2 of the engine. */
export function executions(entries: readonly JournalEntry[]): Execution[] {
  const open = new Map<string, { entry: JournalEntry; endNs: bigint | null }>();
  for (const entry of entries) {
    const id = `${entry.run} ${entry.step} ${entry.attempt}`;
    const known = open.get(id);
    if (entry.kind === "start") {
      if (known) throw new Error(`attempt started twice: ${id}`);
      open.set(id, { entry, endNs: null });
    } else if (known) {
      known.endNs = entry.atNs;
    }
  }
  return [...open.values()].map(({ entry, endNs }) => ({
    run: entry.run,
    step: entry.step,
    attempt: entry.attempt,
    startNs: entry.atNs,
    endNs,
  }));
}

/** Pairs of executions of the same step that were alive at the same time (I2). */
export function overlaps(list: readonly Execution[]): [Execution, Execution][] {
  const found: [Execution, Execution][] = [];
  const byStep = new Map<string, Execution[]>();
  for (const execution of list) {
    const step = `${execution.run} ${execution.step}`;
    byStep.set(step, [...(byStep.get(step) ?? []), execution]);
  }
  for (const group of byStep.values()) {
    const sorted = group.sort((a, b) => (a.startNs < b.startNs ? -1 : 1));
    for (let i = 1; i < sorted.length; i++) {
      const before = sorted[i - 1];
      const after = sorted[i];
      if (before && after && before.endNs !== null && after.startNs < before.endNs) found.push([before, after]);
    }
  }
  return found;
}

/** The largest number of executions alive at one instant (I5); unfinished ones count until the last entry. */
export function peakConcurrency(list: readonly Execution[]): number {
  const marks = list
    .flatMap((execution) => [
      { at: execution.startNs, delta: 1 },
      ...(execution.endNs === null ? [] : [{ at: execution.endNs, delta: -1 }]),
    ])
    .sort((a, b) => (a.at === b.at ? a.delta - b.delta : a.at < b.at ? -1 : 1));
  let now = 0;
  let peak = 0;
  for (const mark of marks) {
    now += mark.delta;
    peak = Math.max(peak, now);
  }
  return peak;
}
