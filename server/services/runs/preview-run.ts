/** Says what a start would run and what it would reuse, step by step, without starting anything. */
import { inputsOfRun } from "@/db/queries/earlier-runs";
import { type CandidateRequest, cacheQueries } from "@/db/queries/engine/cache";
import { preparedFor } from "@/db/queries/statements";
import { valuesOfTask } from "@/db/queries/task-rows";
import { filesOfVersion } from "@/db/queries/version-rows";
import type { JsonValue } from "@/pipelines/graph";
import { seenFromPipeline } from "@/server/domain/cache/file-facts";
import { Forecast } from "@/server/domain/cache/forecast";
import type { ForecastWorld, KeyAnswer, KnownResult } from "@/server/domain/cache/forecast-world";
import { goneArtifact } from "@/server/domain/cache/stored-result";
import type { Producer } from "@/server/domain/cache/words";
import type { PreviewRunInput } from "@/server/domain/inputs/runs";
import { runFacts } from "@/server/domain/kfp/run-facts";
import { indexGraph } from "@/server/domain/planning/graph-index";
import type { ProfileSettings } from "@/server/domain/profile";
import { settingValue } from "@/server/domain/settings";
import type { RunPlanView, StepPlanView } from "@/server/domain/views/run-plan";
import { lookIn } from "@/server/platform/look-at";
import { maskedIn } from "@/server/platform/mask-deep";
import type { Context } from "../context";
import { secretMasker } from "../secrets/masker";
import { planRun } from "./plan-extent";
import { earlierRun } from "./plan-retry";
import { judgeStart } from "./start-judgement";
import { findExperimentKey, profileOf, versionOf } from "./start-references";
import { resolveParameters } from "./start-run";
import { startable } from "./startable";
import { withinExtent } from "./within-extent";

type Optional<T> = { readonly [key in keyof T]?: T[key] | undefined };
export type PreviewRequest = Pick<PreviewRunInput, "versionId"> & Optional<Omit<PreviewRunInput, "versionId">>;

const statements = preparedFor(cacheQueries);

/** Steps that are judged before other requests have their turn. */
const PIECE = 50;
/** Stands in placeholders for the run that is not there yet; no stored key can hold it. */
const NEW_RUN = "(a new run)";

/** What is known of a key, as the engine would find it; nothing is marked on the way. */
function answerFor(context: Context, queued: Omit<CandidateRequest, "task">): KeyAnswer {
  const queries = statements(context.db);
  const candidates = queries.candidates({ task: 0, ...queued });
  let gone: string | null = null;
  for (const source of candidates.filter(({ isUsable }) => isUsable)) {
    const lost = goneArtifact(queries.outputs(source.taskKey), lookIn(context.dataDir.home));
    if (lost === null) return { result: resultOf(context, source), gone: null, twin: null };
    gone ??= lost;
  }
  const name = "run-identical-steps-once";
  const twin = candidates.find(({ isUsable }) => !isUsable) ?? null;
  return { result: null, gone, twin: settingValue(name, queries.setting(name)) ? twin : null };
}

function resultOf(context: Context, source: Producer): KnownResult {
  const queries = statements(context.db);
  return {
    source,
    parameters: valuesOfTask(context.db, source.taskKey).outputs.parameters,
    artifacts: queries.artifacts(source.taskKey, "output"),
    stored: queries.outputs(source.taskKey),
  };
}

/** What the extent of the run has settled; steps that run are left to the cache. */
function settledBy(context: Context, steps: readonly StepPlanView[]): ForecastWorld["settled"] {
  const byPath = new Map(steps.map((step) => [step.step, step]));
  return ({ path }) => {
    const view = byPath.get(path);
    if (view === undefined || view.does === "run") return null;
    const { source } = view;
    if (source === null) return { view, result: null };
    const { runId, runName, task } = source;
    return { view, result: resultOf(context, { runId, runName, taskKey: task, taskPath: path }) };
  };
}

const paused = () => new Promise<void>((resume) => setImmediate(resume));

/**
 * The forecast of a start: parameters are resolved and checked as a start does it. What would refuse the start is among
 * the refusals. Throws `not-found`, and `invalid` for parameters or a profile that cannot be.
 */
export async function previewRun(context: Context, request: PreviewRequest): Promise<RunPlanView> {
  const { db } = context;
  const version = versionOf(context, request.versionId);
  const { graph, specFile, refusals, needs } = startable(context, version);
  const { versionId, upTo, from } = request;
  // A run that continues another one has its inputs and, where nothing else is asked for, its switches.
  const earlier = from === undefined ? null : earlierRun(context, from.runId);
  const inputs =
    earlier === null
      ? resolveParameters(graph.parameters, request.parameters, { runId: NEW_RUN, now: context.now() })
      : inputsOfRun(db, earlier.key);
  const parameters: { [name: string]: JsonValue } = Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
  const chosen = profileOf(db, request.profile ?? earlier?.profile, version);
  const profile: ProfileSettings = JSON.parse(chosen.settings);
  const experimentId = request.experimentId ?? earlier?.experimentId;
  const experimentKey = findExperimentKey(db, experimentId);
  const queued = { profile: chosen.name, priority: request.priority ?? earlier?.priority ?? 0, experimentKey };
  const extent = await planRun(context, { versionId, upTo, from });
  const stands = [...refusals, ...judgeStart(db, needs, profile, parameters).refusals];
  const refused = [...stands.filter(withinExtent(graph, upTo)), ...extent.refusals];
  if (extent.steps.length === 0) return { steps: [], refusals: refused };
  const queries = statements(db);
  const index = indexGraph(graph);
  const newRun = { id: NEW_RUN, name: NEW_RUN, pipelineName: graph.name, createdAtMs: 0, scheduledAtMs: 0 };
  const forecast = new Forecast(index, {
    parameters,
    switches: {
      fileMode: earlier?.fileMode ?? version.fileMode ?? "shared",
      cacheOff: request.cacheOff ?? earlier?.cacheOff ?? [],
      cache: request.cache ?? earlier?.cache ?? version.pipelineCache ?? "use",
      extent: from === undefined ? { kind: "all" } : { kind: "from", ...from },
    },
    profile,
    files: seenFromPipeline(specFile, filesOfVersion(db, version.key)),
    factsOf: (step) => runFacts(newRun, step.key, 0, NEW_RUN),
    versionsOf: (name) => queries.secretVersions(name),
    find: (key) => answerFor(context, { key, ...queued }),
    earlier: (taskPath) => {
      const entry = queries.earlier(graph.name, taskPath, Number.MAX_SAFE_INTEGER);
      return entry && { parts: entry.parts, inputs: valuesOfTask(db, entry.taskKey).inputs.parameters };
    },
    settled: settledBy(context, extent.steps),
  }).work();
  for (let judged = 1; ; judged += 1) {
    const next = forecast.next();
    if (next.done) {
      const masker = secretMasker(context);
      return { steps: next.value.map((step) => maskedIn(masker, step, "why")), refusals: refused };
    }
    if (judged % PIECE === 0) await paused();
  }
}
