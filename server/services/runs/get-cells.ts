/** Reads the cells of a notebook as one attempt ran them, from the events that its helper left. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { attemptsOfTask, findTask } from "@/db/queries/task-rows";
import { CellReader } from "@/server/domain/cells";
import type { GetCellsInput } from "@/server/domain/inputs/tasks";
import { ProblemError } from "@/server/domain/problem-error";
import { isAttemptOver } from "@/server/domain/states";
import type { CellsView } from "@/server/domain/views/cells";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { maskedIn } from "@/server/platform/mask-deep";
import type { Context } from "../context";
import { secretMasker } from "../secrets/masker";

/** More than the helper ever writes of one notebook. */
const MOST_BYTES = 128 * 1024 * 1024;
const LONGEST_LINE = 8 * 1024 * 1024;
const LF = 10;

/** The cells of an attempt; none where it ran no notebook. Throws `not-found`. */
export async function getCells(context: Context, { task, attempt }: GetCellsInput): Promise<CellsView> {
  const found = findTask(context.db, task);
  const row = attemptsOfTask(context.db, task).find(({ number }) => number === attempt);
  if (found === undefined || row === undefined) {
    throw new ProblemError("not-found", `Attempt ${attempt} of task ${task} not found. Its run may have been deleted.`);
  }
  const reader = new CellReader();
  const path = join(context.dataDir.attempt(found.runKey, task, attempt), ATTEMPT_FILES.events);
  await eachLine(path, (line) => reader.take(line));
  const masker = secretMasker(context);
  const isComplete = isAttemptOver(row.state);
  const cells = reader.views(isComplete).map((cell) => maskedIn(masker, cell, "source", "outputs", "error"));
  return { cells, isComplete };
}

/** Whole lines of a regular file; a line that still grows or is too long is left out. Never waits on a pipe. */
async function eachLine(path: string, take: (line: string) => void): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return;
  }
  try {
    if (!(await file.stat()).isFile()) return;
    let rest: Buffer[] = [];
    let length = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: MOST_BYTES, highWaterMark: 256 * 1024 })) {
      let from = 0;
      for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
        if (length <= LONGEST_LINE) take(Buffer.concat([...rest, chunk.subarray(from, end)]).toString("utf8"));
        rest = [];
        length = 0;
        from = end + 1;
      }
      length += chunk.length - from;
      if (length <= LONGEST_LINE) rest.push(chunk.subarray(from));
      else rest = [];
    }
  } finally {
    await file.close();
  }
}
