/** Snippets of what is done with recurring runs. */
import type { JsonValue } from "@/pipelines/graph";
import type { CatchUp, Overlap } from "../recurrence/words";
import type { TriggerView } from "../views/recurring-runs";
import { pythonLiteral } from "./quoting";
import { paramFlags } from "./runs";
import { command, curl, flag, none, procedure, python, pythonCall, type Snippet, type Snippets } from "./snippet";

const RECURRING_RUNS = "/apis/v2beta1/recurringruns";

export interface RecurringRunValues {
  readonly name: string;
  readonly description: string;
  readonly pipelineId: string;
  /** Null follows the latest version. */
  readonly versionId: string | null;
  readonly experimentId: string | null;
  readonly trigger: TriggerView;
  readonly timeZone: string;
  readonly startAt: string | null;
  readonly endAt: string | null;
  readonly maxConcurrency: number;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly profile: string | null;
  readonly priority: number;
  readonly cache: "use" | "ignore" | null;
  readonly tags: { readonly [name: string]: string };
  readonly isEnabled: boolean;
}

function createCurl(origin: string, values: RecurringRunValues): Snippet {
  const { versionId, experimentId, startAt, endAt, profile, priority, cache, description, tags, ...rest } = values;
  const body: { readonly [name: string]: JsonValue } = {
    ...rest,
    trigger: { ...rest.trigger },
    parameters: { ...rest.parameters },
    ...(description && { description }),
    ...(versionId !== null && { versionId }),
    ...(experimentId !== null && { experimentId }),
    ...(startAt !== null && { startAt }),
    ...(endAt !== null && { endAt }),
    ...(profile !== null && { profile }),
    ...(priority !== 0 && { priority }),
    ...(cache !== null && { cache }),
    ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
  };
  return curl(origin, procedure("recurringRuns.create", body));
}

/** Why the Kubeflow API cannot say this; null where it can. */
function beyondKubeflow({
  trigger,
  overlap,
  catchUp,
  profile,
  priority,
  cache,
  tags,
}: RecurringRunValues): string | null {
  if (trigger.kind === "cron")
    return "The Kubeflow API reads a cron in the server's own time zone; take curl or the command.";
  if (trigger.kind === "none") return "kfp.Client makes no recurring run that is due once; take curl or the command.";
  const isOwn = overlap !== "wait" || catchUp === "none" || profile !== null || priority !== 0 || cache !== null;
  if (!isOwn && Object.keys(tags).length === 0) return null;
  return "kfp.Client can choose neither policies nor a profile nor a priority nor tags; take curl or the command.";
}

function createPython(origin: string, values: RecurringRunValues): Snippet {
  const reason = beyondKubeflow(values);
  if (reason !== null || values.trigger.kind !== "interval") return none(reason ?? "");
  const experiment =
    values.experimentId === null
      ? 'client.create_experiment("Default").experiment_id'
      : pythonLiteral(values.experimentId);
  return python(
    origin,
    `experiment_id = ${experiment}`,
    ...pythonCall("client.create_recurring_run", {
      job_name: values.name,
      description: values.description || undefined,
      pipeline_id: values.pipelineId,
      version_id: values.versionId ?? undefined,
      interval_second: values.trigger.seconds,
      start_time: values.startAt ?? undefined,
      end_time: values.endAt ?? undefined,
      max_concurrency: values.maxConcurrency,
      no_catchup: values.catchUp === "latest",
      params: { ...values.parameters },
      enabled: values.isEnabled,
    }).map((line) => (line === "client.create_recurring_run(" ? `${line}\n    experiment_id=experiment_id,` : line)),
  );
}

function triggerFlags({ trigger, timeZone }: RecurringRunValues): readonly string[] {
  if (trigger.kind === "none") return ["--once"];
  if (trigger.kind === "interval") return flag("--every", `${trigger.seconds}s`);
  return [...flag("--cron", trigger.cron), ...flag("--zone", timeZone)];
}

function createCommand(values: RecurringRunValues): Snippet {
  if (values.description !== "") return none("The command gives no description; take curl.");
  return command(
    ["recurring", "create", values.name],
    ...flag("--pipeline", values.pipelineId),
    ...flag("--version", values.versionId),
    ...triggerFlags(values),
    ...flag("--start", values.startAt),
    ...flag("--end", values.endAt),
    ...flag("--max-concurrency", String(values.maxConcurrency)),
    ...flag("--overlap", values.overlap),
    ...flag("--catch-up", values.catchUp),
    ...paramFlags(values.parameters),
    ...Object.entries(values.tags).flatMap(([name, value]) => flag("--tag", `${name}=${value}`)),
    ...flag("--experiment", values.experimentId),
    ...flag("--profile", values.profile),
    ...flag("--priority", values.priority === 0 ? undefined : String(values.priority)),
    ...(values.cache === "ignore" ? ["--no-cache"] : []),
    ...(values.isEnabled ? [] : ["--disabled"]),
  );
}

export const createRecurringRun = (origin: string, values: RecurringRunValues): Snippets => ({
  curl: createCurl(origin, values),
  python: createPython(origin, values),
  command: createCommand(values),
});

interface Several {
  readonly ids: readonly string[];
}

/** A command for each of several ids. */
function commands(verb: string, ids: readonly string[]): Snippet {
  const texts = ids.map((id) => command(["recurring", verb, id]));
  return { text: texts.flatMap((one) => ("text" in one ? [one.text] : [])).join("\n") };
}

const each = (origin: string, ids: readonly string[], call: string): Snippet =>
  python(origin, `for recurring_run_id in ${pythonLiteral([...ids])}:`, `    client.${call}(recurring_run_id)`);

export const enableRecurringRuns = (origin: string, { ids }: Several): Snippets => ({
  curl: curl(origin, ...ids.map((id) => ({ path: `${RECURRING_RUNS}/${id}:enable` }))),
  python: each(origin, ids, "enable_recurring_run"),
  command: commands("enable", ids),
});

export const disableRecurringRuns = (origin: string, { ids }: Several): Snippets => ({
  curl: curl(origin, ...ids.map((id) => ({ path: `${RECURRING_RUNS}/${id}:disable` }))),
  python: each(origin, ids, "disable_recurring_run"),
  command: commands("disable", ids),
});

/** Deletes recurring runs; their runs stay, and active ones go on. */
export const deleteRecurringRuns = (origin: string, { ids }: Several): Snippets => ({
  curl: curl(
    origin,
    ...ids.map((id) => ({ method: "DELETE" as const, path: `${RECURRING_RUNS}/${id}?propagation_policy=ORPHAN` })),
  ),
  python: none("kfp.Client ends the active runs with a recurring run; take curl or the command, which let them go on."),
  command: commands("delete", ids),
});

export const restoreRecurringRuns = (origin: string, { ids }: Several): Snippets => ({
  curl: curl(origin, ...ids.map((id) => procedure("recurringRuns.restore", { id }))),
  python: none("For the Kubeflow API a deleted recurring run is gone; take curl or the command."),
  command: commands("restore", ids),
});

/** Makes a run of each at once; their schedules stay as they are. */
export const runRecurringRuns = (origin: string, { ids }: Several): Snippets => ({
  curl: curl(origin, ...ids.map((id) => procedure("recurringRuns.runNow", { id }))),
  python: none("kfp.Client starts no run of a recurring run; take curl or the command."),
  command: commands("run", ids),
});
