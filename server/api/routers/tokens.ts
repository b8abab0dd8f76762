/** Procedures about API tokens; the text of one is told by its creation alone. */
import { CreateTokenInput, RenameTokenInput } from "@/server/domain/api-tokens";
import { ById } from "@/server/domain/inputs/shared";
import { createToken } from "@/server/services/tokens/create-token";
import { listTokens } from "@/server/services/tokens/list-tokens";
import { renameToken } from "@/server/services/tokens/rename-token";
import { revokeToken } from "@/server/services/tokens/revoke-token";
import { managingProcedure, router } from "../trpc";

export const tokensRouter = router({
  list: managingProcedure.query(({ ctx }) => listTokens(ctx.services)),
  create: managingProcedure.input(CreateTokenInput).mutation(({ ctx, input }) => createToken(ctx.services, input)),
  rename: managingProcedure.input(RenameTokenInput).mutation(({ ctx, input }) => renameToken(ctx.services, input)),
  revoke: managingProcedure.input(ById).mutation(({ ctx, input }) => revokeToken(ctx.services, input.id)),
});
