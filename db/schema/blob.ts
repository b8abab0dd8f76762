/** Uploaded bytes, stored once by content. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { moment } from "./columns";

export const blob = sqliteTable("blob", {
  /** SHA-256, hex; the file is `blobs/<first two>/<digest>`. */
  digest: text("digest").primaryKey(),
  size: integer("size").notNull(),
  createdAt: moment("created_at").notNull(),
});
