/** Procedures about the installation: its status and the stream of changes. */
import { tracked } from "@trpc/server";
import { WatchChangesInput } from "@/server/domain/inputs";
import { watchChanges } from "@/server/services/changes/watch-changes";
import { getStatus } from "@/server/services/system/get-status";
import { protectedProcedure, router } from "../trpc";

export const systemRouter = router({
  status: protectedProcedure.query(({ ctx }) => getStatus(ctx.services)),
  changes: protectedProcedure.input(WatchChangesInput).subscription(async function* ({ ctx, input, signal }) {
    const after = input.lastEventId ? Number.parseInt(input.lastEventId, 10) : null;
    const options = { topics: input.topics, after, signal: signal ?? new AbortController().signal };
    for await (const change of watchChanges(ctx.services, options)) yield tracked(String(change.id), change);
  }),
});
