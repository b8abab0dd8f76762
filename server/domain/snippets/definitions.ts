/** Snippets of what is done with pipelines, their versions and experiments. */
import { curlFile, shellQuote } from "./quoting";
import { command, curl, flag, none, procedure, python, pythonCall, type Snippets } from "./snippet";

const PIPELINES = "/apis/v2beta1/pipelines";

export interface UploadValues {
  /** Paths of the files as they were picked, the pipeline among them. */
  readonly files: readonly string[];
  readonly name?: string;
  readonly description?: string;
}

function uploadCurl(origin: string, files: readonly string[], query: { readonly [name: string]: string | undefined }) {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  );
  const path = `/api/uploads${given.length === 0 ? "" : `?${given.join("&")}`}`;
  const more = files.flatMap((file) => [
    `--form-string ${shellQuote(`path=${file}`)}`,
    `-F ${shellQuote(curlFile(file))}`,
  ]);
  return curl(origin, { path, more });
}

/** kfp sends one file; a pipeline that comes with others needs them all at once. */
const oneFile = (files: readonly string[]): string | null => (files.length === 1 ? (files[0] ?? null) : null);
const MANY_FILES = none("kfp.Client sends one file; pack them into a .zip first, or take curl or the command.");

export function uploadPipeline(origin: string, { files, name, description }: UploadValues): Snippets {
  const only = oneFile(files);
  return {
    curl: uploadCurl(origin, files, { name, description }),
    python:
      only === null
        ? MANY_FILES
        : python(
            origin,
            ...pythonCall("client.upload_pipeline", {
              pipeline_package_path: only,
              pipeline_name: name || only.replace(/^.*\//, "").replace(/(\.tar)?\.[^.]*$/, ""),
              description: description || undefined,
            }),
          ),
    command: command(["pipelines", "upload", ...files], ...flag("--name", name), ...flag("--description", description)),
  };
}

export function uploadVersion(
  origin: string,
  {
    pipelineId,
    files,
    name,
  }: { readonly pipelineId: string; readonly files: readonly string[]; readonly name: string },
): Snippets {
  const only = oneFile(files);
  return {
    curl: uploadCurl(origin, files, { pipelineId }),
    python:
      only === null
        ? MANY_FILES
        : python(
            origin,
            ...pythonCall("client.upload_pipeline_version", {
              pipeline_package_path: only,
              pipeline_version_name: name,
              pipeline_id: pipelineId,
            }),
          ),
    command: command(["pipelines", "upload", ...files], ...flag("--pipeline", pipelineId)),
  };
}

/** Deletes a pipeline with its versions; its runs stay. */
export const deletePipeline = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, { method: "DELETE", path: `${PIPELINES}/${id}?cascade=true` }),
  python: python(
    origin,
    `versions = client.list_pipeline_versions(${JSON.stringify(id)}, page_size=100).pipeline_versions or []`,
    "for version in versions:",
    `    client.delete_pipeline_version(${JSON.stringify(id)}, version.pipeline_version_id)`,
    `client.delete_pipeline(${JSON.stringify(id)})`,
  ),
  command: command(["pipelines", "delete", id]),
});

export const restorePipeline = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, procedure("pipelines.restore", { id })),
  python: none("For the Kubeflow API a deleted pipeline is gone; take curl or the command."),
  command: command(["pipelines", "restore", id]),
});

/** Deletes one version; its runs stay. */
export const deleteVersion = (
  origin: string,
  { pipelineId, id, number }: { readonly pipelineId: string; readonly id: string; readonly number: number },
): Snippets => ({
  curl: curl(origin, { method: "DELETE", path: `${PIPELINES}/${pipelineId}/versions/${id}` }),
  python: python(
    origin,
    ...pythonCall("client.delete_pipeline_version", { pipeline_id: pipelineId, pipeline_version_id: id }),
  ),
  command: command(["pipelines", "delete-version", pipelineId, String(number)]),
});

export const restoreVersion = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, procedure("pipelines.restoreVersion", { versionId: id })),
  python: none("For the Kubeflow API a deleted version is gone; take curl or the command."),
  command: command(["pipelines", "restore-version", id]),
});

export interface PipelineChange {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly tags?: { readonly [name: string]: string };
}

/** Changes name, description and tags of a pipeline; the tags given are all that it has then. */
export function changePipeline(origin: string, { id, name, description, tags }: PipelineChange): Snippets {
  const change = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags: { ...tags } }),
  };
  const tagFlags = Object.entries(tags ?? {}).flatMap(([tag, value]) => flag("--tag", `${tag}=${value}`));
  const isRename = description === undefined && tags === undefined && name !== undefined;
  return {
    curl: curl(origin, procedure("pipelines.update", { id, ...change })),
    python: none("kfp.Client changes no pipeline; take curl or the command."),
    command: isRename
      ? command(["pipelines", "rename", id, name])
      : command(["pipelines", "set", id], ...flag("--description", description), ...tagFlags),
  };
}

export const createExperiment = (
  origin: string,
  { name, description }: { readonly name: string; readonly description: string },
): Snippets => ({
  curl: curl(origin, {
    path: "/apis/v2beta1/experiments",
    body: { display_name: name, ...(description && { description }) },
  }),
  python: python(origin, ...pythonCall("client.create_experiment", { name, description: description || undefined })),
  command: command(["experiments", "create", name], ...flag("--description", description)),
});

/** Archives an experiment with its runs. */
export const archiveExperiment = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, { path: `/apis/v2beta1/experiments/${id}:archive` }),
  python: python(origin, ...pythonCall("client.archive_experiment", { experiment_id: id })),
  command: command(["experiments", "archive", id]),
});

/** Brings an experiment back with the runs that went with it. */
export const restoreExperiment = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, procedure("experiments.restore", { id })),
  python: none("kfp.Client brings the experiment back without its runs; take curl or the command."),
  command: command(["experiments", "restore", id]),
});

/** Deletes an experiment; its runs stay. */
export const deleteExperiment = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, { method: "DELETE", path: `/apis/v2beta1/experiments/${id}` }),
  python: python(origin, ...pythonCall("client.delete_experiment", { experiment_id: id })),
  command: command(["experiments", "delete", id]),
});

/** Undoes the deletion of an experiment. */
export const undeleteExperiment = (origin: string, { id }: { readonly id: string }): Snippets => ({
  curl: curl(origin, procedure("experiments.restore", { id })),
  python: none("For the Kubeflow API a deleted experiment is gone; take curl or the command."),
  command: command(["experiments", "restore", id]),
});
