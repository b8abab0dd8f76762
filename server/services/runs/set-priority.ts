/** Puts runs elsewhere in the queue of their profile: the steps that wait move at once, those to come follow. */
import { addEvent } from "@/db/queries/events";
import { flagsOfRun, highestBeside, setRunPriority } from "@/db/queries/run-writes";
import type { SetPriorityInput } from "@/server/domain/inputs/runs";
import { ProblemError } from "@/server/domain/problem-error";
import { beforeAll } from "@/server/domain/queue/priority";
import { isRunOver } from "@/server/domain/states";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { type BulkView, eachRun, notFound } from "./flag-runs";

/** Changes the priority of each run that is not over; several that go to the front stay beside each other. */
export const setPriority = (context: Context, { ids, priority }: SetPriorityInput): Promise<BulkView> =>
  eachRun(ids, (id) =>
    write(context.db, (tx) => {
      const run = flagsOfRun(tx, id);
      if (run === undefined || run.deletedAt !== null) throw notFound(id);
      if (isRunOver(run.state)) throw new ProblemError("conflict", "It is over, so it waits in no queue.");
      const wanted = priority === "front" ? beforeAll(run.priority, highestBeside(tx, run.key, ids)) : priority;
      if (!setRunPriority(tx, run.key, wanted)) return;
      addEvent(tx, { at: context.now(), topic: "run", subject: id, kind: "priority" });
    }),
  );
