/** Rules that look at a `.pipeline` as a whole: lonely nodes, labels, unused parameters, outputs made twice. */
import type { ParameterSpec } from "../graph";
import { asList, asText, field, fieldAt, isObject } from "./json";
import type { Dependencies } from "./links";
import { contestedOutputs, type FileStep } from "./needs";
import type { ProblemList } from "./problems";
import { displayName, type ScopedNode, type Scopes } from "./scopes";
import type { RunsAfter } from "./upstream";

/** The longest label Kubernetes takes. */
const LONGEST_LABEL = 63;

/** Unconnected nodes, and labels that would be changed in Kubernetes. */
export function checkLabels(steps: readonly ScopedNode[], dependencies: Dependencies, problems: ProblemList): void {
  const needed = new Set([...dependencies.values()].flat());
  const nodes = steps.filter((step) => step.type === "execution");
  for (const step of nodes) {
    const name = displayName(step.node);
    const place = `node "${name}" (${step.at})`;
    if (nodes.length > 1 && !needed.has(step.path) && (dependencies.get(step.path) ?? []).length === 0) {
      problems.warning(
        "unconnected-node",
        place,
        `"${name}" is linked to no other node. It runs at once; draw a link if it has to wait.`,
        step.path,
      );
    }
    if (name.length > LONGEST_LABEL) {
      problems.warning(
        "long-label",
        place,
        `The label is ${name.length} characters long; Kubernetes cuts it at ${LONGEST_LABEL}. Shorten it.`,
        step.path,
      );
    } else if (!/^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/.test(name)) {
      problems.hint(
        "label-characters",
        place,
        `Kubernetes would change the label "${name}": it takes lower-case letters, digits, "-", "_" and ".".`,
        step.path,
      );
    }
  }
}

/** Parameters that have a value though no node reads them. */
export function checkUnusedParameters(
  parameters: readonly ParameterSpec[],
  scopes: Scopes,
  at: string,
  problems: ProblemList,
): void {
  const used = new Set<string>();
  for (const step of scopes.steps) {
    const settings = fieldAt(step.node, "app_data", "component_parameters");
    for (const name of asList(field(settings, "pipeline_parameters"))) used.add(asText(name).trim());
    if (!isObject(settings)) continue;
    for (const value of Object.values(settings)) {
      if (field(value, "widget") === "parameter") used.add(asText(field(value, "value")));
    }
  }
  for (const parameter of parameters) {
    if (used.has(parameter.name) || parameter.default === undefined) continue;
    problems.warning(
      "unused-parameter",
      `${at}.properties.pipeline_parameters`,
      `The pipeline parameter "${parameter.name}" has a value, but no node uses it. Add it to a node, or delete it.`,
    );
  }
}

/** Two steps side by side that write the same file into the shared workspace. */
export function checkContestedOutputs(
  files: readonly FileStep[],
  isAfter: RunsAfter,
  steps: readonly ScopedNode[],
  problems: ProblemList,
): void {
  if (problems.refuses()) return;
  const byPath = new Map(steps.map((step) => [step.path, step]));
  for (const contested of contestedOutputs(files, isAfter)) {
    const [first, second] = contested.steps.map((path) => byPath.get(path));
    if (first === undefined || second === undefined) continue;
    const names = `"${displayName(first.node)}" and "${displayName(second.node)}"`;
    problems.warning(
      "contested-output",
      `node "${displayName(second.node)}", outputs (${second.at}.app_data.component_parameters.outputs)`,
      `${names} may run at the same time and both make ${contested.path}; whichever ends last wins. Link them, or give the files different names.`,
      second.path,
    );
  }
}
