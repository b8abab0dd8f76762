/** What clients may ask of the tasks of a run: one zod schema per request. */
import { z } from "zod";
import { TASK_STATES } from "../states";
import { Id, Page, StepPath } from "./shared";

/** Tasks of a run below one of them: the iterations of a loop, failed ones first, or the tasks of a group in order. */
export const ListTasksInput = z.object({
  runId: Id,
  /** Null: every task of the run, as they were made. */
  parent: z.number().int().positive().nullable(),
  states: z.array(z.enum(TASK_STATES)).max(TASK_STATES.length).optional(),
  /** Only this iteration. */
  iteration: z.number().int().min(0).optional(),
  ...Page,
});
export type ListTasksInput = z.infer<typeof ListTasksInput>;

/** The task at a path inside a run, with `[n]` for iterations. */
export const FindTaskInput = z.object({ runId: Id, path: StepPath });
export type FindTaskInput = z.infer<typeof FindTaskInput>;

export const GetCellsInput = z.object({ task: z.number().int().positive(), attempt: z.number().int().positive() });
export type GetCellsInput = z.infer<typeof GetCellsInput>;

export const GetTaskInput = z.object({ id: z.number().int().positive() });
export type GetTaskInput = z.infer<typeof GetTaskInput>;
