/** The change feed and the engine's sign of life: the only channel between processes. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { EngineFigures } from "@/server/domain/engine-figures";
import type { ChangeView } from "@/server/domain/views/changes";
import { json, moment } from "./columns";

export const event = sqliteTable(
  "event",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    at: moment("at").notNull(),
    topic: text("topic").$type<ChangeView["topic"]>().notNull(),
    /** Run id, pipeline id or experiment id. */
    subject: text("subject"),
    kind: text("kind").notNull(),
    data: json<Pick<ChangeView, "tasks" | "state">>("data").notNull(),
  },
  (t) => [index("event_at").on(t.at)],
);

export const heartbeat = sqliteTable("heartbeat", {
  /** Always `engine`. */
  name: text("name").primaryKey(),
  at: moment("at").notNull(),
  startedAt: moment("started_at").notNull(),
  pid: integer("pid").notNull(),
  slots: integer("slots").notNull(),
  /** What the engine measured of itself. */
  figures: json<EngineFigures>("figures"),
});
