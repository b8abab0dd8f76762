/** Versions: one upload of a pipeline each, or an unlisted one made from an inline specification. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { PipelineFormat, PipelineGraph, Problem } from "@/pipelines/graph";
import type { VersionState } from "@/server/domain/states";
import { blob } from "./blob";
import { json, moment } from "./columns";
import { pipeline } from "./pipeline";

export const version = sqliteTable(
  "version",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    /** Null: unlisted, found by its digest. */
    pipelineKey: integer("pipeline_key").references(() => pipeline.key),
    /** Counts from 1 within its pipeline; 1 for an unlisted one. */
    number: integer("number").notNull(),
    name: text("name").notNull(),
    displayName: text("display_name").notNull(),
    description: text("description").notNull().default(""),
    format: text("format").$type<PipelineFormat>().notNull(),
    formatVersion: text("format_version").notNull(),
    state: text("state").$type<VersionState>().notNull(),
    /** SHA-256 over the text and the sorted paths with content hashes. */
    digest: text("digest").notNull(),
    stepCount: integer("step_count").notNull(),
    /** Where its source code lies, as its author says; told, never fetched. */
    codeSourceUrl: text("code_source_url").notNull().default(""),
    createdAt: moment("created_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (t) => [
    uniqueIndex("version_number").on(t.pipelineKey, t.number).where(sql`pipeline_key is not null`),
    uniqueIndex("version_name").on(t.pipelineKey, t.name).where(sql`pipeline_key is not null and deleted_at is null`),
    index("version_order").on(t.number),
    uniqueIndex("version_unlisted").on(t.digest).where(sql`pipeline_key is null`),
  ],
);

export const versionTag = sqliteTable(
  "version_tag",
  {
    versionKey: integer("version_key")
      .notNull()
      .references(() => version.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    value: text("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionKey, t.name] }), index("version_tag_value").on(t.name, t.value)],
);

/** The heavy parts of a version, apart so that lists stay narrow. */
export const versionSpec = sqliteTable("version_spec", {
  versionKey: integer("version_key")
    .primaryKey()
    .references(() => version.key, { onDelete: "cascade" }),
  /** File name of the pipeline text within the bundle. */
  specFile: text("spec_file").notNull(),
  /** The pipeline text as uploaded; for an inline specification its JSON. */
  text: text("text").notNull(),
  graph: json<PipelineGraph>("graph").notNull(),
  problems: json<readonly Problem[]>("problems").notNull(),
  missing: json<readonly string[]>("missing").notNull(),
});

export const versionFile = sqliteTable(
  "version_file",
  {
    versionKey: integer("version_key")
      .notNull()
      .references(() => version.key, { onDelete: "cascade" }),
    /** Path inside the bundle, `/` separated, never leaving it. */
    path: text("path").notNull(),
    digest: text("digest")
      .notNull()
      .references(() => blob.digest),
    size: integer("size").notNull(),
    isExecutable: integer("is_executable", { mode: "boolean" }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.versionKey, t.path] }), index("version_file_digest").on(t.digest)],
);
