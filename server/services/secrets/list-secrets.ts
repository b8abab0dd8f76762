/** Lists secrets and config maps. */
import { listSecretRows } from "@/db/queries/secrets";
import type { SecretView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { secretView } from "./secret-view";

/** All of them by name. */
export function listSecrets(context: Context): SecretView[] {
  return listSecretRows(context.db).map((row) => secretView(context, row));
}
