/** Forecasts, before a run starts, which steps would take an earlier result over, and why the others would not. */
import type { JsonValue, OutputBinding, Step, StepPath } from "@/pipelines/graph";
import { fillConstants } from "../kfp/placeholders";
import { askCondition } from "../planning/condition";
import type { GraphIndex } from "../planning/graph-index";
import { ancestorsOf } from "../planning/neighbours";
import { resolveArtifacts, resolveParameters } from "../planning/values";
import type { StepPlanView } from "../views/run-plan";
import type { CachedArtifact } from "./cache-parts";
import { cacheObstacle } from "./eligible";
import { forecastOrder } from "./forecast-order";
import type { Fate, ForecastWorld, KnownResult, StepInputs } from "./forecast-world";
import { type Iteration, iterationsOf } from "./iterations";
import { judge } from "./judgement";
import type { StoredArtifact } from "./stored-result";
import { afterLeftOut, dependsOn, groupWords, insideOf, iterationWords } from "./words";

/** A value is wanted that only a step which runs, or may run, will leave. */
class NotYet extends Error {
  readonly step: Step;

  constructor(step: Step) {
    super(`the result of ${step.path} is not there yet`);
    this.step = step;
  }
}

const fate = (does: Fate["does"], why: string): Fate => ({ does, why, source: null });

/** A group does what the first of these does that any of its steps does. */
const RANKS: readonly Fate["does"][] = ["unknown", "run", "reuse", "keep", "leave-out"];
const summed = (all: readonly Fate["does"][]): Fate["does"] => RANKS.find((does) => all.includes(does)) ?? "leave-out";

/** What becomes of a step in all iterations together; one that is the same in each keeps its words. */
function overIterations(fates: readonly Fate[]): Fate {
  const [first] = fates;
  const isOne = fates.length === 1 || fates.every(({ why }) => why === first?.why);
  if (first !== undefined && isOne) return first;
  const all = fates.map(({ does }) => does);
  return fate(summed(all), iterationWords(all));
}

/** The iteration whose steps a forecast of its own works through. */
interface Inside {
  readonly loop: Step;
  readonly inputs: StepInputs;
  /** Task path of the iteration. */
  readonly path: string;
}

type What = "parameters" | "artifacts";
type Output<W extends What> = KnownResult[W][string];
type Reached = Fate | { readonly iterations: readonly Iteration[] } | null;

export class Forecast {
  readonly #index: GraphIndex;
  readonly #world: ForecastWorld;
  readonly #inside: Inside | null;
  readonly #steps: readonly Step[];
  readonly #fates = new Map<StepPath, Fate>();
  /** Steps that do not run; a group that does may hold nothing else. */
  readonly #leftOut = new Set<StepPath>();
  readonly #results = new Map<StepPath, KnownResult>();
  /** Inputs of the groups that are reached for sure. */
  readonly #inputs = new Map<StepPath, StepInputs>();
  /** What was found of each iteration of a loop: a forecast of its own, or the result of a step that is looped itself. */
  readonly #iterations = new Map<StepPath, readonly (Forecast | KnownResult | null)[]>();
  readonly #leaves: Step[] = [];

  constructor(index: GraphIndex, world: ForecastWorld, inside: Inside | null = null) {
    this.#index = index;
    this.#world = world;
    this.#inside = inside;
    const { steps } = index.graph;
    this.#steps = inside === null ? steps : steps.filter(({ path }) => path.startsWith(`${inside.loop.path}/`));
    if (inside !== null) this.#inputs.set(inside.loop.path, inside.inputs);
  }

  /** Works through the steps; each turn judges one, so that a long pipeline can be forecast in pieces. */
  *work(): Generator<void, StepPlanView[]> {
    for (const { step, at } of forecastOrder(this.#steps, this.#index)) {
      if (this.#fates.has(step.path)) continue;
      if (at === "enter") yield* this.#enter(step);
      else this.#fates.set(step.path, this.#summary(step));
      yield;
    }
    return this.#steps.map(({ path, name, kind }) => ({ step: path, name, kind, ...this.#fateOf(path) }));
  }

  #fateOf = (path: StepPath): Fate => this.#fates.get(path) ?? fate("unknown", "Nothing can be said of it.");

  *#enter(step: Step): Generator<void, void> {
    const settled = this.#world.settled(step);
    if (settled !== null) {
      if (settled.result !== null) this.#results.set(step.path, settled.result);
      this.#settle(step, settled.view);
      return;
    }
    const isLeaf = step.body.body !== "group";
    if (isLeaf) this.#leaves.push(step);
    const reached = this.#around(step) ?? this.#afterOthers(step) ?? this.#reach(step);
    if (reached === null) return;
    if ("does" in reached) this.#settle(step, reached);
    else if (isLeaf) this.#eachOf(step, reached.iterations);
    else yield* this.#eachIn(step, reached.iterations);
  }

  #settle({ path }: Step, is: Fate): void {
    this.#fates.set(path, is);
    if (is.does === "leave-out") this.#leftOut.add(path);
  }

  /** What a group that is left out, or of which nothing is known, means for what it holds. */
  #around(step: Step): Fate | null {
    const parent = step.parent === null ? undefined : this.#index.steps.get(step.parent);
    if (parent === undefined || this.#inputs.has(parent.path)) return null;
    const around = this.#fates.get(parent.path);
    if (around === undefined) return null;
    return fate(around.does === "leave-out" ? "leave-out" : "unknown", insideOf(parent, around.does));
  }

  #afterOthers(step: Step): Fate | null {
    if (step.trigger === "completed") return null;
    const leftOut = step.dependsOn.find((path) => this.#leftOut.has(path));
    const before = leftOut === undefined ? undefined : this.#index.steps.get(leftOut);
    return before === undefined ? null : fate("leave-out", afterLeftOut(before));
  }

  /** What becomes of a step that is reached; null for a group that goes on with what it holds. */
  #reach(step: Step): Reached {
    if (this.#index.role(step, null) === "frame") return null;
    try {
      return this.#judged(step);
    } catch (error) {
      if (error instanceof NotYet) return fate("unknown", dependsOn(error.step));
      throw error;
    }
  }

  #judged(step: Step): Reached {
    const isLeaf = step.body.body !== "group";
    const obstacle = isLeaf ? cacheObstacle(step, this.#world.switches) : null;
    if (obstacle !== null && step.condition === undefined) return fate("run", obstacle);
    const parameters = this.#parameters(step);
    if (!parameters.ok) return fate("run", parameters.reason.message);
    const answer = askCondition(step, parameters.values);
    if (answer !== null) return fate(answer.state === "skipped" ? "leave-out" : "run", answer.reason.message);
    if (obstacle !== null) return fate("run", obstacle);
    const artifacts = this.#artifacts(step);
    if (!artifacts.ok) return fate("run", artifacts.reason.message);
    const inputs = { parameters: parameters.values, artifacts: artifacts.values };
    if (step.loop !== undefined) {
      const read = iterationsOf(step, inputs);
      return "iterations" in read ? read : fate(read.isFailure ? "run" : "unknown", read.why);
    }
    if (!isLeaf) {
      this.#inputs.set(step.path, inputs);
      return null;
    }
    const { fate: found, result } = this.#judge(step, inputs, this.#taskPath(step));
    if (result !== null) this.#results.set(step.path, result);
    return found;
  }

  #judge(step: Step, inputs: StepInputs, taskPath: string) {
    return judge(this.#world, { step, inputs, taskPath, before: () => this.#before(step) });
  }

  /** Judges a step that is a loop itself once for each item. */
  #eachOf(step: Step, iterations: readonly Iteration[]): void {
    const path = this.#taskPath(step);
    const judged = iterations.map(({ inputs }, at) => this.#judge(step, inputs, `${path}/[${at}]`));
    this.#iterations.set(
      step.path,
      judged.map(({ result }) => result),
    );
    this.#fates.set(step.path, overIterations(judged.map((one) => one.fate)));
  }

  /** Forecasts what a loop holds once for each item. */
  *#eachIn(loop: Step, iterations: readonly Iteration[]): Generator<void, void> {
    const inner: Forecast[] = [];
    for (const [at, { inputs }] of iterations.entries()) {
      const path = `${this.#taskPath(loop)}/[${at}]`;
      const one = new Forecast(this.#index, this.#world, { loop, inputs, path });
      yield* one.work();
      inner.push(one);
    }
    this.#iterations.set(loop.path, inner);
    for (const { path } of this.#steps) {
      if (!path.startsWith(`${loop.path}/`)) continue;
      this.#fates.set(path, overIterations(inner.map((one) => one.#fateOf(path))));
    }
  }

  #taskPath({ path }: Step): string {
    const inside = this.#inside;
    return inside === null ? path : inside.path + path.slice(inside.loop.path.length);
  }

  /** Every step before this one with what it left, in order. */
  #before(step: Step): { step: Step; left: readonly StoredArtifact[] }[] {
    const ancestors = ancestorsOf(this.#index, [step.path]);
    return this.#leaves
      .filter(({ path }) => ancestors.has(path))
      .map((one) => ({ step: one, left: this.#result(one)?.stored ?? [] }));
  }

  /** What a leaf left; null where it is left out. */
  #result(step: Step): KnownResult | null {
    const known = this.#results.get(step.path);
    if (known !== undefined) return known;
    if (this.#leftOut.has(step.path)) return null;
    throw new NotYet(step);
  }

  #parameters(step: Step) {
    const around = step.parent === null ? this.#world.parameters : this.#inputs.get(step.parent)?.parameters;
    const lookup = {
      parent: (input: string) => around?.[input],
      output: (path: StepPath, output: string) => this.#output(path, output, "parameters"),
      finalStatus: (path: StepPath) => {
        throw new NotYet(this.#index.steps.get(path) ?? step);
      },
      fill: (found: ReadonlyMap<string, JsonValue>) =>
        fillConstants(step.parameters, found, this.#world.factsOf(step)).values,
    };
    return resolveParameters(step, step.body.body === "group", lookup, step.loop?.itemInput);
  }

  #artifacts(step: Step) {
    const around = step.parent === null ? undefined : this.#inputs.get(step.parent)?.artifacts;
    return resolveArtifacts<CachedArtifact>(step, {
      parent: (input) => around?.[input] ?? [],
      output: (path, output) => this.#output(path, output, "artifacts") ?? [],
    });
  }

  /** An output of a step, through groups down to the step that left it. */
  #output<W extends What>(path: StepPath, output: string, what: W): Output<W> | undefined {
    const step = this.#index.steps.get(path);
    if (step === undefined) return undefined;
    const iterations = this.#iterations.get(path);
    if (iterations !== undefined) return this.#collected(step, iterations, output, what);
    if (step.body.body !== "group" || this.#results.has(path))
      return this.#result(step)?.[what][output] as Output<W> | undefined;
    if (this.#leftOut.has(path)) return undefined;
    if (step.loop !== undefined || !this.#inputs.has(path)) throw new NotYet(step);
    return this.#fromBody(step, output, what);
  }

  #fromBody<W extends What>({ body }: Step, output: string, what: W): Output<W> | undefined {
    if (body.body !== "group") return undefined;
    const bindings: readonly OutputBinding[] = what === "parameters" ? body.outputParameters : body.outputArtifacts;
    for (const source of bindings.find(({ name }) => name === output)?.sources ?? []) {
      const found = this.#output(source.step, source.output, what);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Of a loop: lists in the order of the iterations, nested for parameters and flat for artifacts. */
  #collected<W extends What>(
    loop: Step,
    iterations: readonly (Forecast | KnownResult | null)[],
    output: string,
    what: W,
  ): Output<W> {
    const found = iterations.map((one) => {
      if (one === null) throw new NotYet(loop);
      return one instanceof Forecast ? one.#fromBody(loop, output, what) : one[what][output];
    });
    const values = found.filter((value) => value !== undefined);
    return (what === "parameters" ? values : values.flat()) as Output<W>;
  }

  /** What becomes of a group: as of what it holds. */
  #summary(group: Step): Fate {
    const all = (this.#index.children.get(group.path) ?? []).map(({ path }) => this.#fateOf(path).does);
    return fate(summed(all), groupWords(all));
  }
}
