/** Holds the slots of ten zones against an oracle in Python, and says where cron-parser and croniter differ and why. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { CronExpressionParser } from "cron-parser";
import { slotsOf } from "@/server/domain/recurrence/schedule";
import { type OracleCron, oracleText } from "@/server/domain/recurrence/testing/oracle";
import { zoneOf } from "@/server/domain/recurrence/zone";
import { programRoot } from "@/server/platform/root";

/** Clocks that change by an hour, by half of one, by a day, twice in a month, or not at all. */
export const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Africa/Casablanca",
  "Asia/Kathmandu",
  "America/St_Johns",
  "America/Havana",
  "America/Sao_Paulo",
  "Asia/Tehran",
] as const;

const open: OracleCron = { minutes: null, hours: null, daysOfMonth: null, months: null, daysOfWeek: null };
export const CRONS: readonly OracleCron[] = [
  { ...open, minutes: [0, 30] },
  { ...open, minutes: [15], hours: [2] },
  { ...open, minutes: [30], hours: [1, 2] },
  { ...open, minutes: [0], hours: [0] },
  { ...open, minutes: [0, 15, 30, 45], hours: [2] },
  { ...open, minutes: [59], hours: [23] },
  { ...open, minutes: [30], hours: [2], daysOfWeek: [0] },
  { ...open, minutes: [0], hours: [3], daysOfMonth: [29], months: [2] },
  { ...open, minutes: [5], hours: [0, 12], daysOfMonth: [1, 15], daysOfWeek: [5] },
  { ...open, minutes: [0], hours: [9], daysOfMonth: [30], months: [12] },
];

const MINUTE = 60_000;
const DAY = 86_400_000;

interface Told {
  readonly zone: string;
  readonly cron: string;
  readonly slots: readonly number[];
  readonly croniter?: readonly number[];
  /** Up to which minute it goes on. */
  readonly croniterUntil?: number;
}

export interface Comparison {
  /** Slots of ours that the oracle does not have, or the other way round. */
  readonly wrong: readonly string[];
  readonly slots: number;
  /** Crons in zones for which a library ends with an error or stands still before the window ends, and where. */
  readonly gaveUp: readonly string[];
  /** Differences of another library within a day and a half of a clock's change, and elsewhere. */
  readonly others: { readonly [library: string]: { readonly atChanges: string[]; readonly elsewhere: string[] } };
}

function ask(python: string, question: object): Promise<readonly Told[]> {
  const script = join(programRoot(), "e2e", "faults", "daylight", "slots.py");
  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(question));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code !== 0) return reject(new Error(`the oracle ended with ${code}`));
      const lines = Buffer.concat(chunks).toString().trim().split("\n");
      resolve(lines.map((line) => JSON.parse(line) as Told));
    });
  });
}

function ours(zone: string, cron: string, fromMs: number, toMs: number): number[] {
  const slots = slotsOf({ trigger: { kind: "cron", cron }, timeZone: zone, anchorMs: fromMs, endMs: toMs });
  const found: number[] = [];
  for (let next = slots.next(fromMs); next !== null; next = slots.next(next)) found.push(next / MINUTE);
  return found;
}

/** What cron-parser finds, and up to which minute it looks before it gives up: a rare date may be too far for it. */
function ofCronParser(zone: string, cron: string, fromMs: number, toMs: number): { found: number[]; until: number } {
  const walk = CronExpressionParser.parse(cron, { tz: zone, currentDate: new Date(fromMs) });
  const found: number[] = [];
  for (;;) {
    let next: number;
    try {
      next = walk.next().getTime();
    } catch {
      return { found, until: found.at(-1) ?? fromMs / MINUTE };
    }
    if (next > toMs) return { found, until: toMs / MINUTE };
    found.push(next / MINUTE);
  }
}

/** What one of two lists has that the other has not, as minutes. */
function differences(one: readonly number[], other: readonly number[]): { extra: number[]; missing: number[] } {
  const [left, right] = [new Set(one), new Set(other)];
  return { extra: one.filter((each) => !right.has(each)), missing: other.filter((each) => !left.has(each)) };
}

/** Whether the clock of a zone is changed within a day and a half. */
function isNearChange(zone: string, minute: number): boolean {
  const { stretchAt } = zoneOf(zone);
  const ms = minute * MINUTE;
  return stretchAt(ms - 1.5 * DAY).offsetMs !== stretchAt(ms + 1.5 * DAY).offsetMs;
}

const shown = (minute: number): string => new Date(minute * MINUTE).toISOString().slice(0, 16);

/** Compares the slots of every zone and cron in a window; `python` runs the oracle. */
export async function compared(
  python: string,
  window: { readonly fromMs: number; readonly toMs: number },
  { zones = ZONES as readonly string[], crons = CRONS, hasCroniter = false } = {},
): Promise<Comparison> {
  const { fromMs, toMs } = window;
  const asked = crons.map((cron) => ({ ...cron, text: oracleText(cron).replace(/^0 /, "") }));
  const told = await ask(python, { ...window, zones, crons: asked, croniter: hasCroniter });
  const wrong: string[] = [];
  const gaveUp: string[] = [];
  let count = 0;
  const others: Comparison["others"] = {
    "cron-parser": { atChanges: [], elsewhere: [] },
    ...(hasCroniter && { croniter: { atChanges: [], elsewhere: [] } }),
  };
  for (const { zone, cron, slots, croniter, croniterUntil = toMs / MINUTE } of told) {
    const own = ours(zone, `0 ${cron}`, fromMs, toMs);
    count += own.length;
    const { extra, missing } = differences(own, slots);
    for (const each of extra) wrong.push(`${cron} in ${zone}: ${shown(each)} is no slot`);
    for (const each of missing) wrong.push(`${cron} in ${zone}: ${shown(each)} is missing`);
    const parsed = ofCronParser(zone, cron, fromMs, toMs);
    const answers = { "cron-parser": parsed.found, croniter: croniter ?? own };
    const limits = { "cron-parser": parsed.until, croniter: croniterUntil };
    for (const [library, until] of Object.entries(limits)) {
      if (until < toMs / MINUTE) gaveUp.push(`${library} on ${cron} in ${zone} after ${shown(until)}`);
    }
    for (const [library, found] of Object.entries(others)) {
      const name = library as keyof typeof answers;
      const different = differences(
        answers[name],
        own.filter((minute) => minute <= limits[name]),
      );
      for (const [kind, minutes] of Object.entries(different)) {
        for (const minute of minutes) {
          const example = `${kind} ${cron} in ${zone} at ${shown(minute)}`;
          if (isNearChange(zone, minute)) found.atChanges.push(example);
          else found.elsewhere.push(example);
        }
      }
    }
  }
  return { wrong, slots: count, gaveUp, others };
}
