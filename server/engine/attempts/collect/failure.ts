/** Says why a step failed: its exit code or signal, and the line of its log that looks like the error. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { constants, totalmem } from "node:os";
import { byteText } from "@/server/domain/bytes";
import type { Reason } from "@/server/domain/reason";
import type { ExitReport } from "../contract";

const TAIL_BYTES = 16 * 1024;
const LINE_CHARS = 500;

/** The end of a log without colours and progress bars; empty when there is none. */
export function logTail(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString("utf8", 0, read);
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;

/** Kinds of lines that tell what went wrong, best first. */
const TELLING = [
  /^(?:[A-Za-z_][\w]*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit)\b(?::|$)/,
  /\b(?:error|exception|fatal|panic)\b/i,
  /\b(?:cannot|can't|could not|failed|denied|not found|no such|killed|abort(?:ed)?|invalid)\b/i,
];

/** The line that most likely names the cause; null in an empty log. */
export function tellingLine(tail: string): string | null {
  const lines = tail
    .replace(ESCAPES, "")
    .split(/\r?\n/)
    .map((line) => line.slice(line.lastIndexOf("\r") + 1).trim())
    .filter((line) => line !== "");
  for (const form of TELLING) {
    const line = lines.findLast((candidate) => form.test(candidate));
    if (line !== undefined) return shortened(line);
  }
  const last = lines.at(-1);
  return last === undefined ? null : shortened(last);
}

const shortened = (line: string): string => (line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS)}…` : line);

const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

const SIGNAL_HINTS: { readonly [name: string]: string } = {
  SIGKILL: "most often because the machine ran out of memory",
  SIGSEGV: "the program accessed memory it does not own",
  SIGBUS: "most often because a disk or shared memory is full",
  SIGTERM: "somebody asked it to end",
};

/** The signal behind an end: told by the system, or by a shell as 128 + n. */
function signalOf({ code, signal }: ExitReport): string | null {
  if (signal !== null) return signal;
  return code !== null && code > 128 ? (SIGNAL_NAMES.get(code - 128) ?? null) : null;
}

/** What its folder says of an attempt: whether its fence was set, and if not, whether the disk is why. */
export interface Traces {
  readonly wasBegun: boolean;
  /** The folder is not there any more, or was made anew. */
  readonly isGone: boolean;
  readonly isDiskFull: boolean;
}

/** The reason of an attempt whose command did not end with 0. */
export function failureReason(report: ExitReport, tail: string, { wasBegun, isGone, isDiskFull }: Traces): Reason {
  if (report.reason !== undefined) return report.reason;
  if (report.overMemory !== undefined) return outOfMemory(report.overMemory);
  const line = tellingLine(tail);
  const signal = signalOf(report);
  if (signal !== null) {
    const hint = SIGNAL_HINTS[signal];
    const code = report.code === null ? "" : ` (exit code ${report.code})`;
    const words = `The step was ended by ${signal}${code}${hint === undefined ? "" : `, ${hint}`}.${memoryWords(signal, report)}`;
    return { code: "signal", message: line === null ? words : `${words} Last sign: ${line}`, subject: signal };
  }
  if (report.code === null && (wasBegun || isGone)) return vanished(line);
  if (report.code === null) return { ...NEVER_RUN, code: isDiskFull ? "disk-full" : "cannot-start" };
  const words = `Exit code ${report.code}`;
  const silent = isGone ? "the step removed its own folder, and its log with it" : "the step wrote nothing to its log";
  const message = line === null ? `${words}; ${silent}.` : `${words}: ${line}`;
  if (!isDiskFull && !/No space left on device/.test(tail)) return { code: "exit-code", message, subject: report.code };
  return {
    code: "disk-full",
    message: `The disk is full. ${message} Make room, then start it again.`,
    subject: report.code,
  };
}

/** What speaks for or against memory as the cause of a kill from outside. */
function memoryWords(signal: string, { usage }: ExitReport): string {
  const peak = usage?.peakBytes ?? null;
  if (signal !== "SIGKILL" || peak === null) return "";
  return ` It was seen to hold up to ${byteText(peak)}; the machine has ${byteText(totalmem())}.`;
}

const outOfMemory = ({ limitBytes, usedBytes }: NonNullable<ExitReport["overMemory"]>): Reason => ({
  code: "out-of-memory",
  message: `The step was ended because it held ${byteText(usedBytes)} of memory; its limit is ${byteText(limitBytes)}. Raise the limit in the pipeline, or let the step use less.`,
  subject: { limitBytes, usedBytes },
});

const NEVER_RUN: Omit<Reason, "code"> = {
  message:
    "The step was not run: its folder in the data directory could not be written. Make room or check its permissions, then retry.",
  subject: null,
};

const vanished = (line: string | null): Reason => ({
  code: "signal",
  message: `The step's processes were killed from outside, without a trace of an exit code${line === null ? "" : `. Last sign: ${line}`}.`,
  subject: null,
});
