/** What becomes of one step whose inputs are known: it takes a result over, or runs, and why. */
import type { Step } from "@/pipelines/graph";
import { cacheKey, changedParts } from "./cache-key";
import { type CacheFacts, cacheParts } from "./cache-parts";
import { cacheIgnored } from "./eligible";
import { bundleFiles, parametersFor, upstreamFiles } from "./file-facts";
import type { Fate, ForecastWorld, KnownResult, StepInputs } from "./forecast-world";
import { namedSources } from "./named-sources";
import { GONE, type StoredArtifact } from "./stored-result";
import { hitWords, missWords, twinWords } from "./words";

export interface Judgement {
  readonly fate: Fate;
  /** What the step would take over. */
  readonly result: KnownResult | null;
}

/** A step as it would be reached. */
export interface Reached {
  readonly step: Step;
  readonly inputs: StepInputs;
  readonly taskPath: string;
  /** Every step before it with what it left, in order; asked for file steps alone. */
  readonly before: () => readonly { readonly step: Step; readonly left: readonly StoredArtifact[] }[];
}

/** Ask only for steps without an obstacle. */
export function judge(world: ForecastWorld, reached: Reached): Judgement {
  const { step, taskPath } = reached;
  const ignored = cacheIgnored(step, world.switches);
  if (ignored !== null) return without("run", ignored);
  const facts = factsOf(world, reached);
  const parts = cacheParts(step, facts);
  const { result, gone, twin } = world.find(cacheKey(parts));
  if (result !== null) {
    const { runId, runName, taskKey } = result.source;
    return { fate: { does: "reuse", why: hitWords(runName), source: { runId, runName, task: taskKey } }, result };
  }
  if (twin !== null) return without("unknown", twinWords(twin));
  const before = world.earlier(taskPath);
  const changed = before === undefined ? null : gone === null ? changedParts(before.parts, parts) : [GONE + gone];
  const values = (input: string) => ({ before: before?.inputs[input], now: facts.parameters[input] });
  return without("run", missWords(changed, values));
}

const without = (does: Fate["does"], why: string): Judgement => ({ fate: { does, why, source: null }, result: null });

function factsOf(world: ForecastWorld, { step, inputs, before }: Reached): CacheFacts {
  const { profile, files, versionsOf } = world;
  const { parameters, artifacts } = inputs;
  const shared = { profile, named: namedSources(step, parameters, versionsOf) };
  const { body } = step;
  if (body.body !== "file") return { ...shared, parameters, artifacts, files: {}, upstream: {} };
  return {
    ...shared,
    parameters: parametersFor(body, world.parameters),
    artifacts: {},
    files: bundleFiles(body, files),
    upstream: upstreamFiles(before()),
  };
}
