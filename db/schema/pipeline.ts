/** Pipelines: named definitions, each with versions. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { FileMode } from "@/server/domain/views/runs";
import { moment } from "./columns";

export const pipeline = sqliteTable(
  "pipeline",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    name: text("name").notNull(),
    displayName: text("display_name").notNull(),
    description: text("description").notNull().default(""),
    /** Set for a bundled example. */
    exampleId: text("example_id"),
    /** How files pass between the steps of an Elyra pipeline. */
    fileMode: text("file_mode").$type<FileMode>().notNull().default("shared"),
    /** Whether its runs reuse results unless they say otherwise. */
    cache: text("cache").$type<"use" | "ignore">().notNull().default("use"),
    /** Name of the profile of its runs unless they say otherwise; null takes the installation's default. */
    profile: text("profile"),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (t) => [
    uniqueIndex("pipeline_name").on(t.name).where(sql`deleted_at is null`),
    index("pipeline_order").on(sql`display_name collate nocase`),
    index("pipeline_created").on(t.createdAt, t.key),
    index("pipeline_updated").on(t.updatedAt, t.key),
  ],
);

export const pipelineTag = sqliteTable(
  "pipeline_tag",
  {
    pipelineKey: integer("pipeline_key")
      .notNull()
      .references(() => pipeline.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    value: text("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.pipelineKey, t.name] }), index("pipeline_tag_value").on(t.name, t.value)],
);
