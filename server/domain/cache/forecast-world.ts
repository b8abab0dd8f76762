/** What a forecast is made from: the run as it would be, and what the installation knows of earlier ones. */
import type { JsonValue, Step } from "@/pipelines/graph";
import type { RunFacts } from "../kfp/placeholders";
import type { ProfileSettings } from "../profile";
import type { StepPlanView } from "../views/run-plan";
import type { CacheParts } from "./cache-key";
import type { CachedArtifact } from "./cache-parts";
import type { CacheSwitches, CacheWish } from "./eligible";
import type { VersionsOf } from "./named-sources";
import type { StoredArtifact } from "./stored-result";
import type { Producer } from "./words";

type Values = { readonly [name: string]: JsonValue };
type Artifacts = { readonly [name: string]: readonly CachedArtifact[] };

/** What a step is given. */
export interface StepInputs {
  readonly parameters: Values;
  readonly artifacts: Artifacts;
}

/** What a task left, as far as it can be reused. */
export interface KnownResult {
  readonly source: Producer;
  readonly parameters: Values;
  readonly artifacts: Artifacts;
  readonly stored: readonly StoredArtifact[];
}

/** What is found of a key: a result, or the artifact that the newest one has lost, or a task that makes it now. */
export interface KeyAnswer {
  readonly result: KnownResult | null;
  readonly gone: string | null;
  readonly twin: Producer | null;
}

export interface ForecastWorld {
  readonly parameters: Values;
  readonly switches: CacheSwitches & CacheWish;
  readonly profile: ProfileSettings;
  readonly files: readonly { readonly path: string; readonly digest: string }[];
  /** What placeholders say of the run, which is not there yet. */
  readonly factsOf: (step: Step) => RunFacts;
  readonly versionsOf: VersionsOf;
  readonly find: (key: string) => KeyAnswer;
  /** What the last task of this path was made of. */
  readonly earlier: (taskPath: string) => { readonly parts: CacheParts; readonly inputs: Values } | undefined;
  /** What the extent of the run settles for a step; null leaves it to the cache. */
  readonly settled: (step: Step) => { readonly view: Fate; readonly result: KnownResult | null } | null;
}

/** What becomes of a step, and why. */
export type Fate = Pick<StepPlanView, "does" | "why" | "source">;
