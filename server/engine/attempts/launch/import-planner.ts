/** Launch plan of an importer: a helper copies a file or folder of this machine, or fetches from a listed host. */
import { realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ImporterBody } from "@/pipelines/graph";
import { importSource } from "@/pipelines/kfp/import-source";
import { importProblem } from "@/pipelines/kfp/start-needs";
import { fillMetadata } from "@/server/domain/kfp/placeholders";
import { KFP_WORKSPACE } from "@/server/domain/kfp/run-facts";
import type { SettingName, SettingValue } from "@/server/domain/settings";
import type { DataDir } from "@/server/platform/data-dir";
import type { Interpreter } from "../../python/interpreter";
import { isWithin } from "../collect/confine";
import { type AttemptRequest, StartRefusal } from "../contract";
import { type Environment, stepEnvironment } from "../environment";
import { executorInput } from "./container/command";
import type { AttemptPaths, LaunchPlan, Preparation } from "./plan";
import { type InterpreterTools, interpreterName, withInterpreter } from "./with-interpreter";

export interface ImportPlannerTools extends InterpreterTools {
  readonly allowed: Environment;
  readonly dataDir: DataDir;
  /** Absolute path of pipelines/runtime/import_artifact.py. */
  readonly importHelper: string;
  readonly setting: <N extends SettingName>(name: N) => SettingValue<N>;
}

/** What the helper is to do, in a file of the attempt. */
const ORDER_FILE = "import.json";

/** The plan of an importer, at once where the interpreter is known. Throws `StartRefusal` for what cannot be imported. */
export function planImport(
  tools: ImportPlannerTools,
  request: AttemptRequest,
  body: ImporterBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const uri = importedUri(request, body);
  const hosts = tools.setting("import-hosts");
  const problem = importProblem(uri, hosts);
  if (problem !== null) throw refused(`The step cannot be run: ${problem.why}. ${problem.remedy}`, uri);
  const root = tools.dataDir.run(request.run.key);
  const source = importSource(uri);
  const from = source.from === "web" ? { url: source.url.href } : { path: readablePath(uri, tools.dataDir, root) };
  const { input, facts } = executorInput(request, paths, root);
  const { metadata, warnings } = fillMetadata(body.metadata, input, facts);
  const [output] = Object.entries(input.outputs.artifacts);
  if (output === undefined)
    throw refused("The importer declares no output artifact, so there is nothing to import to.", uri);
  const [name, { artifacts }] = output;
  const target = body.downloadToWorkspace
    ? join(importFolder(request, root), fileName(uri))
    : (artifacts[0]?.uri ?? join(paths.out, "artifact"));
  const order = {
    ...from,
    target,
    output: name,
    metadata,
    result: input.outputs.outputFile,
    hosts,
    maxBytes: tools.setting("max-artifact-bytes"),
  };
  const orderFile = join(paths.directory, ORDER_FILE);
  const finish = (interpreter: Interpreter): LaunchPlan => {
    writeFileSync(orderFile, JSON.stringify(order), { mode: 0o600 });
    return {
      argv: [interpreter.executable, tools.importHelper, orderFile],
      cwd: paths.work,
      env: stepEnvironment(request, paths.directory, tools.allowed),
      folders: [paths.out],
      remarks: warnings,
    };
  };
  return withInterpreter(tools, interpreterName(tools, request), () => null, finish);
}

/** The URI an importer is given, as it was written. Throws `StartRefusal` where there is none. */
export function importedUri({ inputs }: AttemptRequest, { uri }: ImporterBody): string {
  const value = uri.from === "constant" ? uri.value : uri.from === "parent" ? inputs.parameters[uri.input] : null;
  if (typeof value === "string") return value;
  throw refused("The importer is given no URI.", null);
}

/** Where an importer that downloads to the workspace puts its content: a place of the attempt alone. */
const importFolder = ({ taskKey, number }: AttemptRequest, root: string): string =>
  join(root, KFP_WORKSPACE, ".artifacts", `${taskKey}-${number}`);

/** Where a path really leads, if a step may be given what is there. */
function readablePath(uri: string, dataDir: DataDir, root: string): string {
  const source = importSource(uri);
  const path = source.from === "file" ? source.path : uri;
  const real = realPath(path);
  if (real === null) {
    const message = `There is nothing that can be read at ${path}. Put the file there, or correct the path, then retry.`;
    throw new StartRefusal({ code: "missing-file", message, subject: path });
  }
  const home = realpathSync(dataDir.home);
  if (isWithin(home, real))
    throw refused(`${path} holds the data directory of this installation. Name the folder you mean.`, path);
  if (!isWithin(real, home) || isGivenToSteps(real, home, realpathSync(root))) return real;
  throw refused(
    `${path} lies in the data directory of this installation, where steps are given artifacts, workspaces and volumes alone.`,
    path,
  );
}

function realPath(path: string): string | null {
  try {
    const real = realpathSync(path);
    const stat = statSync(real);
    return stat.isFile() || stat.isDirectory() ? real : null;
  } catch {
    return null;
  }
}

/** Whether a place in the data directory is one that steps are given: what any step left, and the run's own folders. */
function isGivenToSteps(real: string, home: string, root: string): boolean {
  const own = [KFP_WORKSPACE, "volumes", "workspace"].map((name) => join(root, name));
  if ([...own, join(home, "volumes")].some((folder) => isWithin(real, folder))) return true;
  const below = isWithin(real, join(home, "runs")) ? real.slice(home.length) : "";
  return /^\/runs\/\d+\/\d+\/\d+\/(?:out|work|home)\//.test(below);
}

/** A file name made of the last part of a URI. */
function fileName(uri: string): string {
  const source = importSource(uri);
  const path = source.from === "web" ? source.url.pathname : source.from === "file" ? source.path : uri;
  const safe = basename(path)
    .replace(/[^\w.-]+/g, "_")
    .replace(/^\.+/, "")
    .slice(0, 120);
  return safe === "" ? "artifact" : safe;
}

const refused = (message: string, subject: string | null): StartRefusal =>
  new StartRefusal({ code: "bad-input", message, subject });
