/** A line of the log of all steps with what it says about itself, read once. */
import type { RunLogLine } from "@/server/domain/views/run-log";
import { plainText } from "./ansi";
import { type Level, lineLevel } from "./log-levels";

export interface LevelledLine extends RunLogLine {
  readonly level: Level | null;
  readonly plain: string;
}

const known = new WeakMap<RunLogLine, LevelledLine>();

export function levelled(line: RunLogLine): LevelledLine {
  let found = known.get(line);
  if (found === undefined) {
    const plain = plainText(line.text);
    found = { ...line, plain, level: lineLevel(plain) };
    known.set(line, found);
  }
  return found;
}
