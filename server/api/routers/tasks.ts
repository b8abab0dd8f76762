/** Procedures about tasks; their logs travel over HTTP. */
import { GetTaskInput } from "@/server/domain/inputs";
import { getTask } from "@/server/services/runs/get-task";
import { protectedProcedure, router } from "../trpc";

export const tasksRouter = router({
  get: protectedProcedure.input(GetTaskInput).query(({ ctx, input }) => getTask(ctx.services, input.id)),
});
