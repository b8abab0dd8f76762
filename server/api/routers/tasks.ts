/** Procedures about tasks; their logs travel over HTTP. */

import { ListExecutionsInput } from "@/server/domain/inputs/lists";
import { FindTaskInput, GetCellsInput, GetTaskInput, ListTasksInput } from "@/server/domain/inputs/tasks";
import { forgetTaskCache } from "@/server/services/cache/forget-cache";
import { getCells } from "@/server/services/runs/get-cells";
import { getTask } from "@/server/services/runs/get-task";
import { listExecutions } from "@/server/services/runs/list-executions";
import { findTaskAt, listTasks } from "@/server/services/runs/list-tasks";
import { queuePlace } from "@/server/services/runs/queue-place";
import { protectedProcedure, router } from "../trpc";

export const tasksRouter = router({
  list: protectedProcedure.input(ListTasksInput).query(({ ctx, input }) => listTasks(ctx.services, input)),
  listAll: protectedProcedure.input(ListExecutionsInput).query(({ ctx, input }) => listExecutions(ctx.services, input)),
  find: protectedProcedure.input(FindTaskInput).query(({ ctx, input }) => findTaskAt(ctx.services, input)),
  get: protectedProcedure.input(GetTaskInput).query(({ ctx, input }) => getTask(ctx.services, input.id)),
  queue: protectedProcedure.input(GetTaskInput).query(({ ctx, input }) => queuePlace(ctx.services, input.id)),
  forgetCache: protectedProcedure
    .input(GetTaskInput)
    .mutation(({ ctx, input }) => forgetTaskCache(ctx.services, input.id)),
  cells: protectedProcedure.input(GetCellsInput).query(({ ctx, input }) => getCells(ctx.services, input)),
});
