/** Settings of the installation, by name; absent means the default. */
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "@/pipelines/graph";
import { json, moment } from "./columns";

export const setting = sqliteTable("setting", {
  name: text("name").primaryKey(),
  value: json<JsonValue>("value").notNull(),
  updatedAt: moment("updated_at").notNull(),
});
