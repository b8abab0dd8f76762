/** Launch plan of the steps that make and remove a claim in a run: the claim is a folder of the run. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ContainerBody } from "@/pipelines/graph";
import { type AttemptRequest, StartRefusal } from "../../contract";
import type { AttemptPaths, LaunchPlan } from "../plan";
import { type ContainerTools, executorInput, outputFolders } from "./command";

/** A claim's name as Kubernetes writes it; nothing else becomes the name of a folder. */
const CLAIM_NAME = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;
/** Folder of a run's claims, in that of the run. */
const CLAIMS = "volumes";

const MAKE = 'mkdir -p -- "$1" && { [ -z "$3" ] || printf %s "$2" >"$3"; } && echo "The volume $2 is $1"';
const REMOVE =
  'if [ -e "$1" ]; then rm -rf -- "$1" && echo "The volume $2 is removed"; else echo "This run has no volume $2; nothing was removed"; fi';

/** The folder of a claim that this run has made; null where it has made none of that name. */
export function claimOfRun(root: string, name: string): string | null {
  const folder = join(root, CLAIMS, name);
  return CLAIM_NAME.test(name) && !name.includes("..") && existsSync(folder) ? folder : null;
}

/** Plan of a step over one of the images that stand for "make a claim" and "remove a claim". */
export function claimPlan(
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
  { base, root, vault }: ContainerTools,
): LaunchPlan {
  const { input } = executorInput(request, paths, root);
  const plan = (script: string, name: string, outputFile: string): LaunchPlan => {
    const argv = ["/bin/sh", "-c", script, "sh", join(root, CLAIMS, name), name, outputFile] as const;
    return { argv, cwd: paths.work, env: base, folders: outputFolders(input, argv, paths), remarks: [] };
  };
  if (/\/createpvc/.test(body.image))
    return plan(MAKE, newName(request), input.outputs.parameters.name?.outputFile ?? "");
  const name = checkedName(request.inputs.parameters.pvc_name);
  if (claimOfRun(root, name) === null && vault.volume(name) !== undefined) {
    const message = `The step removes the volume "${name}", which this run has not made. A run removes its own volumes alone; remove that one under Volumes.`;
    throw new StartRefusal({ code: "bad-input", message, subject: name });
  }
  return plan(REMOVE, name, "");
}

/** The name given, or one of this step in this run with the suffix given; every attempt has the same. */
function newName({ run, taskPath, inputs }: AttemptRequest): string {
  const { pvc_name: name, pvc_name_suffix: suffix } = inputs.parameters;
  if (isGiven(name) === isGiven(suffix)) {
    const message = "A volume is made with either pvc_name or pvc_name_suffix. Give one of them.";
    throw new StartRefusal({ code: "bad-input", message, subject: null });
  }
  if (isGiven(name)) return checkedName(name);
  const digest = createHash("sha256").update(`${run.id}/${taskPath}`).digest("hex");
  const uuid = digest.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-8$3-8$4-$5");
  return checkedName(`${uuid}${suffix}`);
}

function checkedName(name: unknown): string {
  if (typeof name === "string" && CLAIM_NAME.test(name) && !name.includes("..")) return name;
  const message = `${JSON.stringify(name ?? null)} is no name of a volume. Use lower-case letters, digits, dots and dashes, at most 253, a letter or digit at both ends.`;
  throw new StartRefusal({ code: "bad-input", message, subject: null });
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
