/** What is counted as it happens, by triggers, so that telling it costs nothing and no restart loses it. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

type Entity = "run" | "task" | "attempt";

/** How often an entity has come into a state, ever; never goes down. */
export const stateCount = sqliteTable(
  "state_count",
  {
    entity: text("entity").$type<Entity>().notNull(),
    state: text("state").notNull(),
    count: integer("count").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.entity, t.state] })],
);

/** How long runs and steps stayed in a state: counts by upper bound, each duration in the first bound that holds it. */
export const durationCount = sqliteTable(
  "duration_count",
  {
    entity: text("entity").$type<"run" | "task">().notNull(),
    state: text("state").notNull(),
    upToMs: integer("up_to_ms").notNull(),
    count: integer("count").notNull().default(0),
    sumMs: integer("sum_ms").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.entity, t.state, t.upToMs] })],
);
