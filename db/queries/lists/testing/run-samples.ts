/** Random runs for tests of lists, and what a filter says of one of them, told without any SQL. */
import type { Db } from "@/db/client";
import { putMetrics } from "@/db/queries/metric-writes";
import { randomFrom, seededUuid } from "@/db/seed/rng";
import type { JsonValue } from "@/pipelines/graph";
import type { Comparison, Filter, FilterValue } from "@/server/domain/lists/filter";
import { readLength, readMoment } from "@/server/domain/lists/moments";

export const NOW_MS = Date.parse("2026-11-21T12:00:00Z");

export interface SampleRun {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly state: string;
  readonly error: string | null;
  readonly pipeline: string;
  readonly isListed: boolean;
  readonly version: number;
  readonly experiment: string;
  readonly profile: string;
  readonly priority: number;
  readonly origin: string;
  readonly created: number;
  readonly started: number | null;
  readonly finished: number | null;
  readonly archived: boolean;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly metrics: { readonly [name: string]: number };
  readonly tags: { readonly [name: string]: string };
}

type Random = () => number;
const one = <T>(random: Random, choices: readonly [T, ...T[]]): T =>
  choices[Math.floor(random() * choices.length)] ?? choices[0];
const some = (random: Random, share: number): boolean => random() < share;

function sampleRun(random: Random, index: number): SampleRun {
  const created = NOW_MS - Math.floor(random() * 40) * 3_600_000;
  const started = some(random, 0.8) ? created + 1_000 : null;
  const finished = started !== null && some(random, 0.8) ? started + Math.floor(random() * 12) * 10_000 : null;
  const state = one(random, ["failed", "succeeded", "running", "pending"]);
  return {
    id: seededUuid(random),
    name: one(random, ["train-1", "Train-2", "a", "b", "evaluate x%_y", 'they say "hi"', "ünïcode run"]),
    description: one(random, ["", "", "the first training", "B side"]),
    state,
    error: some(random, 0.7) ? one(random, ["train: exit code 1", "rain came", `long ${"x".repeat(900)}`]) : null,
    pipeline: one(random, ["churn", "a", "Beta"]),
    isListed: index % 5 !== 0,
    version: 1 + (index % 2),
    experiment: one(random, ["Default", "a"]),
    profile: one(random, ["local", "gpu"]),
    priority: index % 3 === 0 ? -10 : index % 7,
    origin: one(random, ["manual", "api"]),
    created,
    started,
    finished,
    archived: some(random, 0.3),
    parameters: {
      ...(some(random, 0.8) ? { lr: one<JsonValue>(random, [0.01, 0.1, 3, 0, "auto", null]) } : {}),
      ...(some(random, 0.5) ? { name: one<JsonValue>(random, ["a", "train", "B", true, false]) } : {}),
      ...(some(random, 0.4) ? { deep: one<JsonValue>(random, [[1, 2], { b: 1 }, "x%_", "z".repeat(2_000)]) } : {}),
    },
    metrics: {
      ...(some(random, 0.7) ? { accuracy: one(random, [0.5, 0.1 + 0.2, 0.01, 1 / 3]) } : {}),
      ...(some(random, 0.5) ? { loss: one(random, [-1, 0, 3]) } : {}),
    },
    tags: some(random, 0.5) ? { team: one(random, ["vision", "a", "train crew"]) } : {},
  };
}

/** The same runs for the same seed. */
export function sampleRuns(count: number, seed: number): readonly SampleRun[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => sampleRun(random, index));
}

/** Writes the runs with everything they refer to. */
export function writeSamples(db: Db, runs: readonly SampleRun[]): void {
  const sql = db.$client;
  const random = randomFrom(1);
  const add = (statement: string, ...values: (string | number | null)[]) =>
    Number(sql.prepare(statement).run(...values).lastInsertRowid);
  const once = (make: (name: string) => number) => {
    const known = new Map<string, number>();
    return (name: string): number => {
      const key = known.get(name) ?? make(name);
      known.set(name, key);
      return key;
    };
  };
  const pipelineKey = once((name) =>
    add(
      "insert into pipeline (id, name, display_name, created_at, updated_at) values (?, ?, ?, 0, 0)",
      seededUuid(random),
      name,
      name,
    ),
  );
  const experimentKey = once((name) =>
    add("insert into experiment (id, name, created_at) values (?, ?, 0)", seededUuid(random), name),
  );
  const versionKey = once((number) =>
    add(
      `insert into version (id, number, name, display_name, format, format_version, state, digest, step_count, created_at)
       values (?, ?, '', '', 'kfp', '', 'runnable', ?, 1, 0)`,
      seededUuid(random),
      Number(number),
      number,
    ),
  );
  for (const run of runs) {
    const reason =
      run.error === null ? null : JSON.stringify({ code: "step-failed", message: run.error, subject: null });
    const key = add(
      `insert into run (id, name, description, state, reason, version_key, pipeline_key, pipeline_name, experiment_key,
         profile, priority, origin, created_at, scheduled_at, started_at, finished_at, archived_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[run.id, run.name, run.description, run.state, reason, versionKey(String(run.version))],
      ...[run.isListed ? pipelineKey(run.pipeline) : null, run.pipeline, experimentKey(run.experiment)],
      ...[
        run.profile,
        run.priority,
        run.origin,
        run.created,
        run.created,
        run.started,
        run.finished,
        run.archived ? NOW_MS : null,
      ],
    );
    for (const [name, value] of Object.entries(run.parameters)) {
      add(
        "insert into run_parameter (run_key, name, is_given, value) values (?, ?, 1, ?)",
        key,
        name,
        JSON.stringify(value),
      );
    }
    const metric = { runKey: key, taskKey: null, format: "raw", atMs: 0 } as const;
    putMetrics(
      db,
      Object.entries(run.metrics).flatMap(([name, value]) => [
        { ...metric, name, value, index: 2 },
        { ...metric, name, value: 77, index: 1 },
        { ...metric, name, value: 88, index: null },
      ]),
    );
    for (const [name, value] of Object.entries(run.tags)) {
      add("insert into run_tag (run_key, name, value) values (?, ?, ?)", key, name, value);
    }
  }
}

/** A value as lists compare it. */
function scalarOf(value: JsonValue | undefined): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return value;
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 1_000);
}

function fieldOf(field: string, run: SampleRun): string | number | null {
  const [family = "", name = ""] = field.split(".");
  if (family === "param") return scalarOf(run.parameters[name]);
  if (family === "metric") return run.metrics[name] ?? null;
  if (family === "tag") return run.tags[name] ?? null;
  if (field === "duration") return run.started === null || run.finished === null ? null : run.finished - run.started;
  if (field === "error") return run.state === "failed" ? run.error : null;
  if (field === "archived") return String(run.archived);
  return run[field as "name"];
}

const MOMENTS = ["created", "started", "finished"];
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const has = (whole: string, part: string): boolean => lower(whole).includes(lower(part));

function wantedOf(field: string, value: FilterValue): string | number | null {
  if (MOMENTS.includes(field)) return readMoment(value, NOW_MS);
  return field === "duration" ? readLength(value) : value;
}

/** Whether a comparison holds for a run. */
function holdsOne(comparison: Comparison, run: SampleRun): boolean {
  const { field } = comparison;
  if (comparison.is === "contains" && field === "text") {
    const tags = Object.entries(run.tags).map(([name, value]) => `${name}=${value}`);
    return (
      [run.name, run.description, ...tags].some((text) => has(text, comparison.value)) ||
      run.id.startsWith(comparison.value)
    );
  }
  const value = fieldOf(field, run);
  switch (comparison.is) {
    case "set":
      return value !== null && value !== "";
    case "contains":
      return typeof value === "string" && has(value, comparison.value);
    case "in":
      return comparison.values.some((wanted) => wanted === value);
    case "=":
      return value !== null && value === wantedOf(field, comparison.value);
    case "!=":
      return value === null || value !== wantedOf(field, comparison.value);
  }
  const wanted = wantedOf(field, comparison.value);
  if (value === null || wanted === null || typeof value !== typeof wanted) return false;
  if (comparison.is === ">") return value > wanted;
  if (comparison.is === ">=") return value >= wanted;
  return comparison.is === "<" ? value < wanted : value <= wanted;
}

/** Whether a filter holds for a run. */
export function holds(filter: Filter, run: SampleRun): boolean {
  if ("all" in filter) return filter.all.every((part) => holds(part, run));
  if ("any" in filter) return filter.any.some((part) => holds(part, run));
  return "not" in filter ? !holds(filter.not, run) : holdsOne(filter, run);
}
