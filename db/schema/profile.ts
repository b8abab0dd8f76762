/** Profiles: where and how steps run. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ContainerSettings, DefaultLimits, ExecutorKind } from "@/server/domain/profile";
import { flag, json, moment } from "./columns";

export const profile = sqliteTable("profile", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  executor: text("executor").$type<ExecutorKind>().notNull(),
  isDefault: flag("is_default").notNull().default(false),
  /** Time between TERM and KILL. */
  graceMs: integer("grace_ms").notNull(),
  /** Interpreter of Python steps; null takes the server's. */
  python: text("python"),
  environment: json<{ readonly [name: string]: string }>("environment").notNull(),
  /** Steps at once under this profile; null leaves it to the machine. */
  capacity: integer("capacity"),
  /** Image by image as a step names it; what stands on the right is used in its place. */
  imageMap: json<{ readonly [image: string]: string }>("image_map").notNull().default({}),
  /** Directory in which container steps start; null takes the attempt's own. */
  workingDirectory: text("working_directory"),
  /** Runs steps without the mounts they ask for and lists those on the run. */
  runsWithoutMounts: flag("runs_without_mounts").notNull().default(false),
  /** What steps may take that name no limits. */
  limits: json<Partial<DefaultLimits>>("limits").notNull().default({}),
  /** How containers are made; what is absent is as everywhere. */
  container: json<Partial<ContainerSettings>>("container").notNull().default({}),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at"),
});
