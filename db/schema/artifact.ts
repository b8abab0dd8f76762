import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "@/pipelines/graph";
import { flag, json, moment } from "./columns";
import { run } from "./run";
import { task } from "./task";

export const artifact = sqliteTable(
  "artifact",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    /** The producer. */
    taskKey: integer("task_key")
      .notNull()
      .references(() => task.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    type: text("type").notNull(),
    /** Relative to the data directory; null for remote locations. */
    path: text("path"),
    /** Location as user code sees it. */
    uri: text("uri").notNull(),
    size: integer("size"),
    digest: text("digest"),
    isDirectory: flag("is_directory").notNull().default(false),
    metadata: json<{ readonly [key: string]: JsonValue }>("metadata").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [
    index("artifact_run").on(t.runKey),
    index("artifact_task").on(t.taskKey),
    index("artifact_digest").on(t.digest),
    index("artifact_name").on(t.name, t.key),
    index("artifact_type").on(t.type, t.key),
  ],
);

/** Artifacts of a task by input or output name; lists keep their order. */
export const taskArtifact = sqliteTable(
  "task_artifact",
  {
    taskKey: integer("task_key")
      .notNull()
      .references(() => task.key, { onDelete: "cascade" }),
    direction: text("direction").$type<"input" | "output">().notNull(),
    name: text("name").notNull(),
    position: integer("position").notNull(),
    artifactKey: integer("artifact_key")
      .notNull()
      .references(() => artifact.key, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.taskKey, t.direction, t.name, t.position] }),
    index("task_artifact_artifact").on(t.artifactKey, t.direction),
  ],
);

/** Artifacts that are outputs of the run as a whole. */
export const runArtifact = sqliteTable(
  "run_artifact",
  {
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    position: integer("position").notNull(),
    artifactKey: integer("artifact_key")
      .notNull()
      .references(() => artifact.key, { onDelete: "cascade" }),
  },
  (t) => [primaryKey({ columns: [t.runKey, t.name, t.position] })],
);

export const metric = sqliteTable(
  "metric",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    taskKey: integer("task_key"),
    name: text("name").notNull(),
    value: real("value").notNull(),
    /** Step of a series, null for a single number. */
    index: integer("index"),
    format: text("format").$type<"raw" | "percentage">().notNull(),
    at: moment("at").notNull(),
  },
  (t) => [
    // Each series lies together with its values, so that a chart reads the index alone.
    index("metric_run").on(t.runKey, t.name, t.taskKey, t.index, t.value),
  ],
);

/** The last value of each metric of a run: of its highest index, of the newest without one. Kept by triggers for lists. */
export const runMetric = sqliteTable(
  "run_metric",
  {
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    value: real("value").notNull(),
    /** Index of the value, -1 without one. */
    position: integer("position").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runKey, t.name] }), index("run_metric_value").on(t.name, t.value, t.runKey)],
);
