/** Removes a secret or config map. */
import { addEvent } from "@/db/queries/events";
import { deleteSecretRow, valuesOfSecret } from "@/db/queries/secrets";
import type { SecretView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { secretRow } from "./get-secret";
import { keepForMasking } from "./past-values";
import { secretView } from "./secret-view";

/** Removes it whole and tells what it was; steps that name it are refused from then on. Throws `not-found`. */
export async function removeSecret(context: Context, name: string): Promise<SecretView> {
  return write(context.db, (tx) => {
    const at = context.now();
    const row = secretRow(context, name);
    const view = secretView(context, row);
    for (const value of valuesOfSecret(tx, row.key)) keepForMasking(tx, row, value, at);
    deleteSecretRow(tx, row.key);
    addEvent(tx, { at, topic: "system", subject: null, kind: "secrets" });
    return view;
  });
}
