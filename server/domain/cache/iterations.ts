/** The iterations that a loop would have, as far as its items are known before the run. */
import type { Step } from "@/pipelines/graph";
import { loopItems } from "../planning/loop-items";
import { toDeclaredType } from "../planning/values";
import type { StepInputs } from "./forecast-world";
import { manyIterations } from "./words";

/** Loops with more items are not looked at item by item. */
const MOST = 200;

export interface Iteration {
  readonly inputs: StepInputs;
}

export type Iterations =
  | { readonly iterations: readonly Iteration[] }
  | { readonly why: string; readonly isFailure: boolean };

/** Inputs of each iteration: what the loop has, with one item. A step that is a loop itself is not given the list. */
export function iterationsOf({ loop, name, body, interface: declared }: Step, inputs: StepInputs): Iterations {
  if (loop === undefined) return { iterations: [] };
  const list = "input" in loop.items ? loop.items.input : null;
  const isLeaf = body.body !== "group";
  const { parameters, artifacts } = isLeaf && list !== null ? without(inputs, list) : inputs;
  if (loop.over === "artifact") {
    const items = list === null ? [] : (inputs.artifacts[list] ?? []);
    if (items.length > MOST) return { why: manyIterations(items.length), isFailure: false };
    return {
      iterations: items.map((item) => ({
        inputs: { parameters, artifacts: { ...artifacts, [loop.itemInput]: [item] } },
      })),
    };
  }
  const read = loopItems(loop, name, inputs.parameters);
  if (!read.ok) return { why: read.reason.message, isFailure: true };
  if (read.items.length > MOST) return { why: manyIterations(read.items.length), isFailure: false };
  const spec = declared.parameters.find((one) => one.name === loop.itemInput);
  const iterations: Iteration[] = [];
  for (const [at, item] of read.items.entries()) {
    const fitted = spec === undefined || item === null ? { value: item } : toDeclaredType(spec, item);
    if ("problem" in fitted) return { why: `Item ${at} of the loop "${name}": ${fitted.problem}.`, isFailure: true };
    iterations.push({ inputs: { parameters: { ...parameters, [loop.itemInput]: fitted.value }, artifacts } });
  }
  return { iterations };
}

function without({ parameters, artifacts }: StepInputs, name: string): StepInputs {
  const { [name]: _value, ...otherParameters } = parameters;
  const { [name]: _list, ...otherArtifacts } = artifacts;
  return { parameters: otherParameters, artifacts: otherArtifacts };
}
