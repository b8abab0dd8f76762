/** Procedures about the installation. */
import { getStatus } from "@/server/services/system/get-status";
import { protectedProcedure, router } from "../trpc";

export const systemRouter = router({
  status: protectedProcedure.query(({ ctx }) => getStatus(ctx.services)),
});
