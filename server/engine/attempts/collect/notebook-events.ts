/** Reads from the events of a notebook why it failed (pipelines/runtime/run_notebook.py writes them). */
import { join } from "node:path";
import { z } from "zod";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { AttemptPaths } from "../launch/plan";
import { logTail } from "./failure";

const Failed = z.object({ kind: z.literal("failed"), message: z.string().min(1).max(10_000) });

function parsed(line: string): string | null {
  try {
    const event = Failed.safeParse(JSON.parse(line));
    return event.success ? event.data.message : null;
  } catch {
    return null;
  }
}

/** The message of its last failure: which cell, which exception. Null where nothing was written of one. */
export function notebookFailure({ directory }: AttemptPaths): string | null {
  const lines = logTail(join(directory, ATTEMPT_FILES.events)).split("\n");
  return lines.map(parsed).findLast((message) => message !== null) ?? null;
}
