/** Procedures about secrets and config maps; none tells the value of a secret. */
import { ByName } from "@/server/domain/inputs/shared";
import { SaveSecretInput } from "@/server/domain/inputs/surroundings";
import { listSecrets } from "@/server/services/secrets/list-secrets";
import { removeSecret } from "@/server/services/secrets/remove-secret";
import { saveSecret } from "@/server/services/secrets/save-secret";
import { managingProcedure, router } from "../trpc";

export const secretsRouter = router({
  list: managingProcedure.query(({ ctx }) => listSecrets(ctx.services)),
  save: managingProcedure.input(SaveSecretInput).mutation(({ ctx, input }) => saveSecret(ctx.services, input)),
  remove: managingProcedure.input(ByName).mutation(({ ctx, input }) => removeSecret(ctx.services, input.name)),
});
