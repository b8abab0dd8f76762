/** Puts versions, runs and intents into a test's database, as the services would. */
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Db } from "@/db/client";
import { experiment, profile, run, runParameter, version, versionSpec } from "@/db/schema";
import type { JsonValue, PipelineGraph } from "@/pipelines/graph";
import { type DefaultLimits, LOCAL_PROFILE } from "@/server/domain/profile";
import type { RunExtent } from "@/server/domain/views/runs";

let serial = 0;

/** The experiment of this name, made where it is not there yet. */
function experimentKey(db: Db, name: string, now: Date): number {
  const known = db.select().from(experiment).where(eq(experiment.name, name)).get();
  if (known !== undefined) return known.key;
  const row = { id: name.toLowerCase(), name, isDefault: name === "Default", createdAt: now };
  return db.insert(experiment).values(row).returning().get().key;
}

/** Makes a profile that takes so many steps at once, where it is not there yet. */
export function givenProfile(db: Db, name: string, capacity: number | null = null, now = new Date(0)): void {
  const row = {
    name,
    executor: "process" as const,
    isDefault: name === "local",
    graceMs: 200,
    environment: {},
    capacity,
    createdAt: now,
  };
  db.insert(profile).values(row).onConflictDoNothing().run();
}

/** Stores a version of this graph and returns its key. */
export function givenVersion(db: Db, graph: PipelineGraph, now = new Date(0)): number {
  serial += 1;
  const made = db
    .insert(version)
    .values({
      id: `version-${serial}`,
      number: 1,
      name: "v1",
      displayName: "v1",
      format: graph.format,
      formatVersion: graph.formatVersion,
      state: "runnable",
      digest: createHash("sha256").update(String(serial)).digest("hex"),
      stepCount: graph.steps.length,
      createdAt: now,
    })
    .returning()
    .get();
  const spec = { versionKey: made.key, specFile: "p.yaml", text: "", graph, problems: [], missing: [] };
  db.insert(versionSpec).values(spec).run();
  return made.key;
}

/** Stores a pending run of a version and returns its key. */
export function givenRun(
  db: Db,
  of: PipelineGraph | number,
  options: {
    priority?: number;
    experiment?: string;
    profile?: string;
    limits?: Partial<DefaultLimits>;
    now?: Date;
    parameters?: { readonly [name: string]: JsonValue };
    extent?: RunExtent;
    stopsOnFailure?: boolean;
  } = {},
): number {
  const now = options.now ?? new Date(0);
  const { experiment: inExperiment = "Default", profile: under = "local" } = options;
  givenProfile(db, under, null, now);
  const versionKey = typeof of === "number" ? of : givenVersion(db, of, now);
  serial += 1;
  const made = db
    .insert(run)
    .values({
      id: `run-${serial}`,
      name: `run ${serial}`,
      state: "pending",
      versionKey,
      pipelineName: "test",
      experimentKey: experimentKey(db, inExperiment, now),
      profile: under,
      profileSettings: { ...LOCAL_PROFILE, graceMs: 200, limits: options.limits ?? {} },
      origin: "manual",
      priority: options.priority ?? 0,
      extent: options.extent ?? { kind: "all" },
      stopsOnFailure: options.stopsOnFailure ?? false,
      createdAt: now,
      scheduledAt: now,
    })
    .returning()
    .get();
  for (const [name, value] of Object.entries(options.parameters ?? {})) {
    db.insert(runParameter).values({ runKey: made.key, name, isGiven: true, raw: value, value }).run();
  }
  return made.key;
}

/** Asks for the end of a run. */
export function givenCancel(db: Db, runKey: number, now = new Date(0)): void {
  db.update(run)
    .set({ cancelRequestedAt: now, cancelRequestedBy: "ada", isNoticed: false })
    .where(eq(run.key, runKey))
    .run();
}

/** Asks for a retry of a run. */
export function givenRetry(db: Db, runKey: number, now = new Date(0)): void {
  db.update(run)
    .set({ retryRequestedAt: now, retryRequestedBy: "ada", isNoticed: false })
    .where(eq(run.key, runKey))
    .run();
}
