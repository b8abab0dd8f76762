/** Secrets and config maps as views: only what a config map holds is ever told. */
import { type SecretRow, valuesOfSecret } from "@/db/queries/secrets";
import type { SecretView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";

/** The view of a row. */
export function secretView(context: Context, row: SecretRow): SecretView {
  return {
    name: row.name,
    isShown: row.isShown,
    description: row.description,
    keys: valuesOfSecret(context.db, row.key).map(({ name, updatedAt, value }) => ({
      name,
      updatedAt: updatedAt.toISOString(),
      value: row.isShown ? value : null,
    })),
    updatedAt: row.updatedAt.toISOString(),
  };
}
