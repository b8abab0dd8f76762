/** Reads from the events of a notebook why it failed (pipelines/runtime/run_notebook.py writes them). */
import { join } from "node:path";
import { z } from "zod";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { AttemptPaths } from "../launch/plan";
import { logTail } from "./failure";

const Failed = z.object({
  kind: z.literal("failed"),
  message: z.string().min(1).max(10_000),
  index: z.number().int().min(0).nullish(),
});

export interface NotebookFailure {
  readonly message: string;
  /** The cell it happened in, counted from 0; null where none ran. */
  readonly cell: number | null;
}

function parsed(line: string): NotebookFailure | null {
  try {
    const event = Failed.safeParse(JSON.parse(line));
    return event.success ? { message: event.data.message, cell: event.data.index ?? null } : null;
  } catch {
    return null;
  }
}

/** Its last failure: which cell, which exception. Null where nothing was written of one. */
export function notebookFailure({ directory }: AttemptPaths): NotebookFailure | null {
  const lines = logTail(join(directory, ATTEMPT_FILES.events)).split("\n");
  return lines.map(parsed).findLast((failure) => failure !== null) ?? null;
}
