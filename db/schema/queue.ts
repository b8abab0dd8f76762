/** Whose turn it was last in each queue for step slots; a queue is a profile, its bands are the priorities in it. */
import { integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";

export const queueTurn = sqliteTable(
  "queue_turn",
  {
    /** Grows with every turn, so that it also says which band was served last. */
    key: integer("key").primaryKey(),
    profile: text("profile").notNull(),
    priority: integer("priority").notNull(),
    experimentKey: integer("experiment_key").notNull(),
  },
  (t) => [unique("queue_turn_band").on(t.profile, t.priority)],
);
