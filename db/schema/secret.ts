/** Secrets and config maps: named groups of values; those of a secret are encrypted with a key that is not in here. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { flag, moment } from "./columns";

export const secret = sqliteTable("secret", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  /** A config map: its values may be shown. */
  isShown: flag("is_shown").notNull(),
  description: text("description").notNull().default(""),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

export const secretValue = sqliteTable(
  "secret_value",
  {
    secretKey: integer("secret_key")
      .notNull()
      .references(() => secret.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Sealed text of a secret, plain text of a config map. */
    value: text("value").notNull(),
    /** A new one with every change: what a cache key takes in place of the value. */
    versionId: text("version_id").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.secretKey, t.name] })],
);

/** Sealed values that were replaced or removed: logs of earlier attempts may hold them, and go on hiding them. */
export const pastSecretValue = sqliteTable("past_secret_value", {
  versionId: text("version_id").primaryKey(),
  /** Of the secret; it may be gone. */
  secretName: text("secret_name").notNull(),
  name: text("name").notNull(),
  value: text("value").notNull(),
  replacedAt: moment("replaced_at").notNull(),
});
