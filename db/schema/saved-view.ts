/** Views of lists that people saved under a name, and addresses too long to be passed on. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ListName } from "@/server/domain/lists/list-names";
import { moment } from "./columns";

export const savedView = sqliteTable(
  "saved_view",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    list: text("list").$type<ListName>().notNull(),
    name: text("name").notNull(),
    /** What stands behind `?` in the address of the list. */
    query: text("query").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (t) => [index("saved_view_list").on(t.list, t.name)],
);

export const shortLink = sqliteTable("short_link", {
  /** Follows from the address, so that the same one has the same link. */
  id: text("id").primaryKey(),
  /** Path and query inside Penstock. */
  address: text("address").notNull(),
  createdAt: moment("created_at").notNull(),
});
