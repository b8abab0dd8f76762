/** A run written as curl, as Python and as a command: pasted, each starts the same run. */

import type { Snippet } from "@/components/ui/snippet-tabs";
import type { JsonValue } from "@/pipelines/graph";

export interface RunRequest {
  /** Address of this server. */
  readonly origin: string;
  readonly name: string;
  readonly pipelineId: string | null;
  readonly versionId: string;
  readonly experimentId: string | null;
  readonly experimentName: string | null;
  /** File the version was read from, for the command. */
  readonly specFile: string;
  readonly parameters: { readonly [name: string]: JsonValue };
}

/** A word a POSIX shell reads as exactly this text. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A JSON value as a Python literal. */
export function pythonLiteral(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}: ${pythonLiteral(each)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}

function curl(request: RunRequest): string {
  const body = {
    display_name: request.name,
    pipeline_version_reference: {
      ...(request.pipelineId ? { pipeline_id: request.pipelineId } : {}),
      pipeline_version_id: request.versionId,
    },
    ...(request.experimentId ? { experiment_id: request.experimentId } : {}),
    runtime_config: { parameters: request.parameters },
  };
  return [
    `curl -X POST ${shellQuote(`${request.origin}/apis/v2beta1/runs`)} \\`,
    `  -H "Authorization: Bearer $PENSTOCK_TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${shellQuote(JSON.stringify(body, null, 2))}`,
  ].join("\n");
}

function python(request: RunRequest): string {
  const experiment = request.experimentId
    ? JSON.stringify(request.experimentId)
    : "client.create_experiment('Default').experiment_id";
  return [
    "import os",
    "import kfp",
    "",
    "client = kfp.Client(",
    `    host=${JSON.stringify(request.origin)},`,
    '    existing_token=os.environ["PENSTOCK_TOKEN"],',
    ")",
    "run = client.run_pipeline(",
    `    experiment_id=${experiment},`,
    `    job_name=${JSON.stringify(request.name)},`,
    ...(request.pipelineId ? [`    pipeline_id=${JSON.stringify(request.pipelineId)},`] : []),
    `    version_id=${JSON.stringify(request.versionId)},`,
    `    params=${pythonLiteral({ ...request.parameters })},`,
    ")",
    "client.wait_for_run_completion(run.run_id, timeout=3600)",
  ].join("\n");
}

function command(request: RunRequest): string {
  const words = [
    `npx penstock submit ${shellQuote(request.specFile)}`,
    ...Object.entries(request.parameters).map(
      ([name, value]) =>
        `--param ${shellQuote(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`,
    ),
    ...(request.name ? [`--name ${shellQuote(request.name)}`] : []),
    ...(request.experimentName ? [`--experiment ${shellQuote(request.experimentName)}`] : []),
    "--wait",
  ];
  return words.join(" \\\n  ");
}

export function runSnippets(request: RunRequest): readonly Snippet[] {
  return [
    { label: "curl", text: curl(request) },
    { label: "Python", text: python(request) },
    { label: "Command", text: command(request) },
  ];
}
