/** Small graphs for tests and measurements, written as steps with their dependencies. */
import type { FileBody, PipelineFormat, PipelineGraph, Step } from "@/pipelines/graph";

/** A step with defaults for everything; `path` also gives key, parent and name. */
export function aStep(path: string, rest: Partial<Step> = {}): Step {
  const keys = path.split("/");
  const key = keys.at(-1) ?? path;
  const isGroup = rest.kind === "dag";
  return {
    path,
    key,
    parent: keys.length > 1 ? keys.slice(0, -1).join("/") : null,
    kind: "container",
    name: key,
    dependsOn: [],
    trigger: "succeeded",
    cache: { enabled: false },
    interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
    parameters: [],
    artifacts: [],
    body: isGroup
      ? { body: "group", outputParameters: [], outputArtifacts: [] }
      : { body: "container", image: "none", command: ["true"], args: [], env: [], component: key },
    ...rest,
  };
}

/** What an Elyra node runs, with nothing asked for but the file itself. */
export const aFileBody = (rest: Partial<FileBody> = {}): FileBody => ({
  body: "file",
  runner: "python",
  file: "step.py",
  image: null,
  dependencies: [],
  includeSubdirectories: false,
  outputs: [],
  env: [],
  parameterEnv: [],
  secrets: [],
  volumes: [],
  ...rest,
});

export function aGraph(
  steps: readonly Step[],
  rest: Partial<PipelineGraph> = {},
  format: PipelineFormat = "kfp",
): PipelineGraph {
  return {
    format,
    formatVersion: "IR 2.1.0",
    name: "test",
    description: "",
    parameters: [],
    outputs: { parameters: [], artifacts: [] },
    outputTypes: { parameters: {}, artifacts: {} },
    inputArtifacts: [],
    steps,
    comments: [],
    needs: [],
    changes: [],
    unknownFields: [],
    ...rest,
  };
}

/** `length` steps, each after the one before. */
export const aChain = (length: number): PipelineGraph =>
  aGraph(Array.from({ length }, (_, at) => aStep(`s${at}`, { dependsOn: at === 0 ? [] : [`s${at - 1}`] })));

/** One step, `width` steps after it, one step after those. */
export function aFanOut(width: number): PipelineGraph {
  const middle = Array.from({ length: width }, (_, at) => `m${at}`);
  return aGraph([
    aStep("first"),
    ...middle.map((path) => aStep(path, { dependsOn: ["first"] })),
    aStep("last", { dependsOn: middle }),
  ]);
}
