/** What was made under the key of a request, so that the same request sent again makes nothing more. */
import { primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { moment } from "./columns";

/** What requests make. */
export type MadeNoun = "run" | "experiment" | "pipeline" | "version" | "recurring-run";

export const idempotency = sqliteTable(
  "idempotency",
  {
    noun: text("noun").$type<MadeNoun>().notNull(),
    key: text("key").notNull(),
    /** SHA-256 of what was asked for, hex. */
    digest: text("digest").notNull(),
    /** Id of what was made. */
    subject: text("subject").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.noun, t.key] })],
);
