/** What the result cache knows of each task that computed a key: its parts, whether it was a hit, and what may be reused. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { flag, json, moment } from "./columns";
import { task } from "./task";

export const taskCache = sqliteTable(
  "task_cache",
  {
    taskKey: integer("task_key")
      .primaryKey()
      .references(() => task.key, { onDelete: "cascade" }),
    /** SHA-256 of the parts, hex. */
    cacheKey: text("cache_key").notNull(),
    /** Digest of each part of the key by its name, so that a miss can say which one changed. */
    parts: json<{ readonly [part: string]: string }>("parts").notNull(),
    outcome: text("outcome").$type<"hit" | "miss" | "off">().notNull(),
    /** Names of the parts that differ from the last run of the same step; null when there was none. */
    changed: json<readonly string[]>("changed"),
    /** Pipeline name inside the specification and path of the task: what "the same step" means, iterations apart. */
    pipelineName: text("pipeline_name").notNull(),
    stepPath: text("step_path").notNull(),
    /** True once the task has succeeded: its outputs may be reused. */
    isUsable: flag("is_usable").notNull().default(false),
    forgottenAt: moment("forgotten_at"),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [
    index("task_cache_key").on(t.cacheKey, t.taskKey).where(sql`outcome <> 'hit' and forgotten_at is null`),
    index("task_cache_step").on(t.pipelineName, t.stepPath, t.taskKey),
  ],
);
