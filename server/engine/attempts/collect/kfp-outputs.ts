/** Outputs of a Kubeflow step: its result file and parameter files, its artifacts and the metrics among them. */
import { existsSync, lstatSync, realpathSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildExecutorInput, type ExecutorInput, type RuntimeArtifact } from "@/server/domain/kfp/executor-input";
import { isRemote, readStepOutputs } from "@/server/domain/kfp/result-file";
import { KFP_WORKSPACE } from "@/server/domain/kfp/run-facts";
import type { AttemptRequest, Collected, ProducedArtifact } from "../contract";
import { privateFolder } from "../environment";
import type { AttemptPaths } from "../launch/plan";
import { type CollectTools, type Gathered, OutputRefusal } from "./collect-tools";
import { confined } from "./confine";
import { keptContent, tooLarge } from "./kept-content";
import { ownText } from "./own-text";
import { shownArtifact } from "./shown-artifact";

/** Where a step may leave what it names. */
interface Places {
  readonly paths: AttemptPaths;
  /** The step's own folders. */
  readonly own: readonly string[];
  /** Artifacts that it was given: an output may be one of them as it is. */
  readonly given: readonly string[];
  /** The workspace that all steps of the run share; what is named there is copied, because it changes on. */
  readonly shared: string;
}

/** Reads what the step left in its folders; nothing that leads elsewhere is followed. Throws `OutputRefusal`. */
export async function collectKfpOutputs(
  request: AttemptRequest,
  paths: AttemptPaths,
  tools: CollectTools,
): Promise<Gathered> {
  const { step } = request;
  if (!existsSync(paths.directory)) throw gone(step.path);
  const { outputs } = buildExecutorInput({
    step,
    parameters: new Map(),
    artifacts: new Map(),
    outputDirectory: paths.out,
  });
  const places = placesOf(request, paths, tools);
  const outcome = readStepOutputs({
    interface: step.interface,
    ...textsOf(outputs, step.path, places, tools),
    declaredUris: new Map(
      Object.entries(outputs.artifacts).map(([name, { artifacts }]) => [name, artifacts[0]?.uri ?? ""]),
    ),
    allowedRoots: asGivenAndReal([...places.own, places.shared]),
    givenPaths: asGivenAndReal(places.given),
    workingDirectory: request.run.profile.workingDirectory ?? paths.work,
  });
  if (!outcome.ok) throw new OutputRefusal("bad-output", outcome.message, step.path);
  const parameters = Object.fromEntries(outcome.outputs.parameters);
  checkSizes(parameters, tools);

  const warnings = [...outcome.outputs.warnings];
  if (!existsSync(paths.out)) warnings.unshift("The step removed its own output folder, with all that was in it.");
  const artifacts: ProducedArtifact[] = [];
  const metrics: Collected["metrics"][number][] = [];
  for (const [output, list] of outcome.outputs.artifacts) {
    for (const [position, artifact] of list.entries()) {
      const made = await produced(output, position, artifact, places, tools, warnings);
      artifacts.push(made);
      metrics.push(...shownArtifact(made, warnings));
    }
  }
  return { ok: true, collected: { parameters, artifacts, metrics, warnings } };
}

function placesOf(request: AttemptRequest, paths: AttemptPaths, { dataDir }: CollectTools): Places {
  const given = Object.values(request.inputs.artifacts)
    .flat()
    .flatMap(({ path }) => (path === null ? [] : [path]));
  return {
    paths,
    own: [paths.out, paths.work, privateFolder(paths.directory)],
    given,
    shared: join(dataDir.run(request.run.key), KFP_WORKSPACE),
  };
}

/** Paths as they were given to the step, and as they really are: the data directory may lie behind a link. */
function asGivenAndReal(paths: readonly string[]): string[] {
  return [...new Set([...paths, ...paths.filter((path) => existsSync(path)).map((path) => realpathSync(path))])];
}

function textsOf(outputs: ExecutorInput["outputs"], step: string, { own }: Places, { setting }: CollectTools) {
  const most = setting("max-parameter-bytes");
  const texts = Object.entries(outputs.parameters).flatMap(([name, { outputFile }]) => {
    const file = { path: outputFile, what: `The file of the output "${name}"`, subject: name };
    const text = ownText({ ...file, limit: most, setting: "max-parameter-bytes" }, own);
    return text === null ? [] : [[name, text] as const];
  });
  const result = { path: outputs.outputFile, what: "The result file of the step", subject: step };
  const resultLimit = { limit: setting("max-result-bytes"), setting: "max-result-bytes" } as const;
  return { parameterTexts: new Map(texts), resultText: ownText({ ...result, ...resultLimit }, own) };
}

/** The result file as a whole may hold more than one parameter may. */
function checkSizes(parameters: Collected["parameters"], { setting }: CollectTools): void {
  const limit = setting("max-parameter-bytes");
  for (const [name, value] of Object.entries(parameters)) {
    const bytes = Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value));
    if (bytes <= limit) continue;
    throw new OutputRefusal("too-large", tooLarge(`The output "${name}"`, bytes, limit, "max-parameter-bytes"), name);
  }
}

async function produced(
  output: string,
  position: number,
  { name, type, uri, customPath, metadata }: RuntimeArtifact,
  places: Places,
  tools: CollectTools,
  warnings: string[],
): Promise<ProducedArtifact> {
  const entry = { output, position, name, type, metadata, size: null, digest: null, isDirectory: false };
  const place = customPath ?? uri;
  if (isRemote(place)) return { ...entry, path: null, uri: place };
  // Metrics have content only in their metadata; an artifact without a file is one nevertheless.
  if (lstatSync(place, { throwIfNoEntry: false }) === undefined) return { ...entry, path: place, uri: place };
  const what = `The artifact "${output}"`;
  const path = await contentPath(place, what, output, position, places);
  const measured = await keptContent(path, what, output, tools);
  if (measured === null) return { ...entry, path, uri: path };
  if (measured.left.length > 0) {
    warnings.push(
      `Of the artifact "${output}" these were not kept, being links elsewhere or no files: ${measured.left.slice(0, 10).join(", ")}`,
    );
  }
  const { size, digest, isDirectory } = measured;
  return { ...entry, path, uri: path, size, digest, isDirectory };
}

/** Where the content really lies, as a path below the data directory as it was given. Throws `OutputRefusal`. */
async function contentPath(
  place: string,
  what: string,
  output: string,
  position: number,
  { paths, own, given, shared }: Places,
): Promise<string> {
  for (const root of [...own, ...given]) {
    const real = confined(place, [root]);
    if (real !== null) return root + real.slice(realpathSync(root).length);
  }
  const common = confined(place, [shared]);
  if (common === null) {
    throw new OutputRefusal(
      "bad-output",
      `${what} is a link that leads out of the step's folders, so its content is not kept. Write or copy the file itself to the path that the step is given for this output.`,
      output,
    );
  }
  const copy = join(paths.out, "from-workspace", `${encodeURIComponent(output).slice(0, 150)}-${position}`);
  await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
  await cp(common, copy, { recursive: true, mode: 0, filter: (from) => isPlain(from) });
  return copy;
}

/** Links are left behind too: what they lead to may lie anywhere. */
function isPlain(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isFile() || stat.isDirectory());
}

const gone = (step: string): OutputRefusal =>
  new OutputRefusal(
    "bad-output",
    "The step removed its own folder, with all its outputs and its log. A step may only remove what it made itself.",
    step,
  );
