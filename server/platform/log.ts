/** The server's own log: JSON lines on standard error, one logger per room. */
import { type DestinationStream, type Logger, pino } from "pino";
import { LOG_LEVELS } from "./env";

export type Log = Pick<Logger, "trace" | "debug" | "info" | "warn" | "error" | "fatal">;

const isLevel = (text: string | undefined): boolean => LOG_LEVELS.some((level) => level === text);

const standardError: DestinationStream = { write: (line) => process.stderr.write(line) };

/** A logger whose lines carry `room`, at the level of `PENSTOCK_LOG`. Secrets and user data do not go into it. */
export function roomLog(room: string): Log {
  const level = process.env.PENSTOCK_LOG;
  return pino(
    { level: isLevel(level) ? (level as string) : "info", base: { room }, timestamp: pino.stdTimeFunctions.isoTime },
    standardError,
  );
}
