/** Reads the logs of all attempts of a run as one, page by page, in the order in which lines were written. */
import { attemptsFrom, attemptsUntil, type LoggedAttempt } from "@/db/queries/run-attempts";
import type { ReadRunLogInput } from "@/server/domain/inputs/runs";
import { parseLogTimes } from "@/server/domain/log-times";
import {
  bytesFrom,
  bytesUntil,
  comparePlaces,
  type LaneLines,
  type LogLane,
  type LogPlace,
  mergeLanes,
  momentOf,
  type PlacedLine,
} from "@/server/domain/run-log";
import { isRunOver } from "@/server/domain/states";
import type { RunLogView } from "@/server/domain/views/run-log";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { maskedBytes } from "@/server/platform/masked-bytes";
import { type Masker, NO_MASKER } from "@/server/platform/masking";
import { type OpenFile, openBelow, pathBelow } from "@/server/platform/open-file";
import type { Context } from "../context";
import { secretMasker } from "../secrets/masker";
import { getRunSummary, runRow } from "./get-run";

/** What is read of one log for one page. */
const LANE_BYTES = 256 * 1024;
/** Beyond the last wanted byte, so that the line there is whole. */
const LINE_REST = 8 * 1024;
const LONGEST_LINE = 4_096;
const TIMES_BYTES = 4 * 1024 * 1024;
const BATCH = 64;
/** A page opens at most this many logs; what lies beyond them is the next page. */
const MOST_LANES = 512;
const LF = 10;
const START: LogPlace = { at: -1, attempt: -1, offset: -1 };
const END: LogPlace = { at: Number.MAX_SAFE_INTEGER, attempt: Number.MAX_SAFE_INTEGER, offset: 0 };

async function readPart(file: OpenFile, from: number, to: number, masker: Masker): Promise<Buffer> {
  const parts: Buffer[] = [];
  if (to > from) {
    for await (const part of maskedBytes(file.handle, { from, to: to - 1, size: file.size }, masker)) {
      parts.push(Buffer.from(part));
    }
  }
  return Buffer.concat(parts);
}

async function openLane(context: Context, runKey: number, attempt: LoggedAttempt) {
  const folder = pathBelow(context.dataDir.home, context.dataDir.attempt(runKey, attempt.taskKey, attempt.number));
  const file = await openBelow(context.dataDir.home, `${folder}/${ATTEMPT_FILES.log}`);
  if (file === null) return null;
  const noted = await openBelow(context.dataDir.home, `${folder}/${ATTEMPT_FILES.logTimes}`);
  try {
    const text =
      noted === null ? "" : (await readPart(noted, 0, Math.min(noted.size, TIMES_BYTES), NO_MASKER)).toString();
    const times = parseLogTimes(text);
    const { finishedAtMs, startedAtMs } = attempt;
    const settled = finishedAtMs === null ? Math.min(file.size, times.offsets.at(-1) ?? 0) : file.size;
    const restAt = Math.max(times.ms.at(-1) ?? 0, finishedAtMs ?? startedAtMs);
    return { file, lane: { attempt: attempt.key, times, settled, restAt } satisfies LogLane };
  } finally {
    await noted?.handle.close();
  }
}

/** What a terminal shows in the end of a line that rewrites itself, cut where it is too long for a list. */
function lineText(bytes: Buffer): string {
  const text = bytes.toString("utf8").replace(/\r+$/, "");
  const last = text.slice(text.lastIndexOf("\r") + 1);
  return last.length > LONGEST_LINE ? `${last.slice(0, LONGEST_LINE)}…` : last;
}

/** Lines that begin between two bytes of a log. Where `from` is inside a line, that line is left out unless nothing else is there. */
function linesIn(bytes: Buffer, from: number, lane: LogLane, isCutLine: boolean, until: number): PlacedLine[] {
  const lines: PlacedLine[] = [];
  const next = isCutLine ? bytes.indexOf(LF) + 1 : 0;
  let start = from + next < until ? next : 0;
  while (start < bytes.length && from + start < until) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    const offset = from + start;
    const text = lineText(bytes.subarray(start, end));
    lines.push({ at: momentOf(lane, offset), attempt: lane.attempt, offset, text });
    start = end + 1;
  }
  return lines;
}

type Direction = ReadRunLogInput["direction"];

/** The bytes of a lane that may hold the next lines; of several lanes at one moment the smaller key comes first. */
function reachOf(
  lane: LogLane,
  direction: Direction,
  cursor: LogPlace,
): { readonly from: number; readonly until: number } {
  const isOwn = lane.attempt === cursor.attempt;
  if (direction === "earlier") {
    const end = bytesUntil(lane, lane.attempt > cursor.attempt ? cursor.at - 1 : cursor.at);
    const until = isOwn ? Math.min(end, cursor.offset) : end;
    return { from: Math.max(0, until - LANE_BYTES), until };
  }
  const first = bytesFrom(lane, lane.attempt < cursor.attempt ? cursor.at + 1 : cursor.at);
  const from = isOwn ? Math.max(first, cursor.offset) : Math.max(0, first - 1);
  return { from, until: Math.min(lane.settled, from + LANE_BYTES) };
}

async function laneLines(
  opened: { readonly file: OpenFile; readonly lane: LogLane },
  direction: Direction,
  cursor: LogPlace,
  masker: Masker,
): Promise<LaneLines> {
  const { file, lane } = opened;
  const { from, until } = reachOf(lane, direction, cursor);
  const bytes = await readPart(file, from, Math.min(lane.settled, until + LINE_REST), masker);
  const found = linesIn(bytes, from, lane, from > 0, until);
  if (direction === "earlier") {
    return { lines: found.filter((line) => comparePlaces(line, cursor) < 0), isCut: from > 0 };
  }
  const lines = found.filter((line) => comparePlaces(line, cursor) > 0);
  const isCut = until < lane.settled;
  if (lines.length > 0 || !isCut) return { lines, isCut };
  // One line fills all that was read: it is gone past in pieces.
  const offset = until - 1;
  return { lines: [{ at: momentOf(lane, offset), attempt: lane.attempt, offset, text: "…" }], isCut };
}

/** Lines before or after a place, ascending; without a place the last or the first ones. Throws `not-found`. */
export async function readRunLog(context: Context, input: ReadRunLogInput): Promise<RunLogView> {
  const { direction, limit } = input;
  const { key } = runRow(context, input.id);
  const { state } = getRunSummary(context, input.id);
  const masker = secretMasker(context);
  const cursor = input.cursor ?? (direction === "earlier" ? END : START);
  const attempts = new Map<number, LoggedAttempt>();
  const lanes: LaneLines[] = [];
  let isMore = false;
  const pick = direction === "earlier" ? attemptsUntil : attemptsFrom;
  const bound = ({ finishedAtMs, startedAtMs }: LoggedAttempt) =>
    direction === "earlier" ? Math.min(finishedAtMs ?? cursor.at, cursor.at) : Math.max(startedAtMs, cursor.at);
  /** Whether a page is full of lines that lie nearer than anything of this attempt. */
  const isFull = (attempt: LoggedAttempt): boolean => {
    const { lines } = mergeLanes(lanes, direction, limit);
    const far = direction === "earlier" ? lines[0] : lines.at(-1);
    if (lines.length < limit || far === undefined) return false;
    return direction === "earlier" ? bound(attempt) < far.at : bound(attempt) > far.at;
  };
  read: for (let skip = 0; ; skip += BATCH) {
    const batch = pick(context.db, key, cursor.at, skip, BATCH);
    const [first] = batch;
    if (first === undefined) break;
    if (attempts.size >= MOST_LANES || isFull(first)) {
      isMore = true;
      break;
    }
    for (const attempt of batch) {
      const opened = await openLane(context, key, attempt);
      if (opened === null) continue;
      try {
        attempts.set(attempt.key, attempt);
        lanes.push(await laneLines(opened, direction, cursor, masker));
      } finally {
        await opened.file.handle.close();
      }
      if (attempts.size >= MOST_LANES) continue read;
    }
    if (batch.length < BATCH) break;
  }
  const { lines, isCut } = mergeLanes(lanes, direction, limit);
  return {
    lines: lines.flatMap(({ at, attempt, offset, text }) => {
      const source = attempts.get(attempt);
      if (source === undefined) return [];
      const { taskKey: task, number, name, path } = source;
      return [{ at, attempt, offset, text, task, number, name, path }];
    }),
    hasMore: isCut || isMore,
    isOver: isRunOver(state),
  };
}
