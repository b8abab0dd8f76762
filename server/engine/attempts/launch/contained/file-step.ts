/** Launch plan of a script or notebook in its image: its files are laid out as for a process, and mounted. */

import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { FileBody } from "@/pipelines/graph";
import { containerOf } from "@/server/domain/profile";
import type { DataDir } from "@/server/platform/data-dir";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { Mount } from "../../../executors/executor";
import { type AttemptRequest, StartRefusal } from "../../contract";
import { identityIn, privateFolder, stepEnvironment } from "../../environment";
import { executedNotebook, parametersOption } from "../file/command";
import { elyraEnvironment, secretVariables } from "../file/environment";
import { layOut } from "../file/isolated";
import { type FileSite, fileSite } from "../file/site";
import { needFile, type Workspaces } from "../file/workspace";
import type { AttemptPaths, LaunchPlan, Preparation } from "../plan";
import { commonMounts, RUNTIME, readable, writable } from "./mounts";
import { containerOrder, type OrderTools } from "./order";
import { volumeMounts } from "./volumes";

export interface ContainedFileTools extends OrderTools {
  readonly dataDir: DataDir;
  readonly workspaces: Workspaces;
}

const NOTEBOOK_PACKAGES = "nbclient nbformat ipykernel";
/** What runs notebooks is installed where the image does not bring it, into a folder of this attempt. */
const NOTEBOOK_SHELL = `python3 -c 'import nbclient, nbformat, ipykernel' 2>/dev/null || {
  echo "The image brings no ${NOTEBOOK_PACKAGES}; installing them"
  python3 -m pip install --quiet --disable-pip-version-check --target "$HOME/.packages" ${NOTEBOOK_PACKAGES} || exit
  PYTHONPATH="$HOME/.packages\${PYTHONPATH:+:$PYTHONPATH}"
  export PYTHONPATH
}
exec python3 "$@"`;

/** The plan of a file step, once its files are laid out. */
export function planFileStep(
  tools: ContainedFileTools,
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const { run } = request;
  const site = fileSite(request, body, paths, tools.dataDir);
  const here = (): LaunchPlan => plan(tools, request, body, paths, site);
  if (run.fileMode === "shared" && tools.workspaces.ready(run) !== null) return here();
  return async (waiter) => {
    if (run.fileMode === "isolated") await layOut(request, body, site, paths, tools.dataDir);
    else await tools.workspaces.obtain(run, waiter.say);
    return here();
  };
}

function plan(
  tools: ContainedFileTools,
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  site: FileSite,
): LaunchPlan {
  const { run } = request;
  needFile(site, run);
  const image = body.image ?? containerOf(run.profile).image;
  if (image === null) throw withoutImage(body.file);
  const base = stepEnvironment(request, paths.directory, {});
  const secrets = secretVariables(body, tools.vault);
  const env = {
    ...base,
    ...elyraEnvironment(body, run, privateFolder(paths.directory), secrets),
    ...identityIn(base),
  };
  const { argv, mounts } = commandOf(request, body, paths, site);
  const shared = run.fileMode === "shared" ? [writable(tools.dataDir.workspace(run.key))] : [];
  return {
    argv,
    cwd: site.cwd,
    env,
    folders: [paths.out],
    remarks: [],
    container: () =>
      containerOrder(request, paths, tools, {
        image,
        usesEntrypoint: false,
        cwd: site.cwd,
        mounts: [...commonMounts(request, paths), ...shared, ...mounts, ...volumeMounts(body.volumes, tools.vault)],
      }),
  };
}

function commandOf(
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  { file, cwd }: FileSite,
): { readonly argv: readonly string[]; readonly mounts: readonly Mount[] } {
  if (body.runner === "r") return { argv: ["Rscript", basename(file)], mounts: [] };
  if (body.runner === "python") return { argv: ["python3", basename(file)], mounts: [] };
  const events = join(paths.directory, ATTEMPT_FILES.events);
  // A mount of its own, so that nothing but this file of the folder can be written.
  writeFileSync(events, "", { flag: "a", mode: 0o600 });
  const parameters = parametersOption(request, body, paths);
  const options = {
    "--notebook": file,
    "--output": executedNotebook(paths, body),
    "--cwd": cwd,
    "--events": events,
    ...parameters,
  };
  const given = Object.values(parameters).map((path) => readable(path));
  const helper = join(RUNTIME, "run_notebook.py");
  return {
    argv: ["/bin/sh", "-c", NOTEBOOK_SHELL, "sh", helper, ...Object.entries(options).flat()],
    mounts: [readable(RUNTIME), writable(events), ...given],
  };
}

const withoutImage = (file: string): StartRefusal =>
  new StartRefusal({
    code: "needs-container",
    message: `The step runs ${file} in a container and names no image. Name a runtime image in the pipeline, or give the profile an image for such steps.`,
    subject: file,
  });
