/** Kubeflow's addresses after `#`, as they stand in bookmarks and in what its SDK prints, and ours for them. */

const ID = "([^/?]+)";

type Address = (ids: readonly string[], query: URLSearchParams) => string;

/** The first that fits counts. What has no page of its own here leads to the nearest that has one. */
const RULES: readonly (readonly [RegExp, Address])[] = [
  [new RegExp(`^/runs/details/${ID}`), ([id]) => `/runs/${id}`],
  [/^\/runs\/new/, (_, query) => newRun(query)],
  [/^\/archive\/runs/, () => "/runs?archived=true"],
  [/^\/runs/, () => "/runs"],
  [/^\/compare/, (_, query) => renamed("/compare", query, { runlist: "runs" })],
  [new RegExp(`^/recurringrun/details/${ID}`), ([id]) => `/recurring-runs/${id}`],
  [/^\/recurringruns?(?:\/|$)/, () => "/recurring-runs"],
  [new RegExp(`^/artifacts/${ID}`), ([id]) => `/artifacts/${id}`],
  [/^\/artifacts\/?$/, () => "/artifacts"],
  [/^\/executions(?:\/|$)/, () => "/executions"],
  [new RegExp(`^/pipelines/details/${ID}/version/${ID}`), ([id, version]) => `/pipelines/${id}?versionId=${version}`],
  [new RegExp(`^/pipelines/details/${ID}`), ([id]) => `/pipelines/${id}`],
  [/^\/pipeline_versions\/new/, (_, query) => renamed("/pipelines/new", query, { pipelineId: "pipeline" })],
  [/^\/(?:shared\/)?pipelines/, () => "/pipelines"],
  [new RegExp(`^/experiments/details/${ID}`), ([id]) => `/experiments/${id}`],
  [/^\/experiments\/new/, () => "/experiments/new"],
  [/^\/archive\/experiments/, () => "/experiments?filter=state+%3D+archived"],
  [/^\/experiments/, () => "/experiments"],
];

const NEW_RUN = {
  pipelineId: "pipeline",
  pipelineVersionId: "version",
  experimentId: "experiment",
  cloneFromRun: "cloneFrom",
};

const NEW_RECURRING_RUN = {
  pipelineId: "pipeline",
  pipelineVersionId: "version",
  experimentId: "experiment",
  cloneFromRecurringRun: "cloneFrom",
};

/** An address with those values of a query that it has names of its own for. */
function renamed(path: string, query: URLSearchParams, names: { readonly [theirs: string]: string }): string {
  const ours = new URLSearchParams();
  for (const [theirs, name] of Object.entries(names)) {
    const value = query.get(theirs);
    if (value) ours.set(name, value);
  }
  return ours.size === 0 ? path : `${path}?${ours}`;
}

/** Kubeflow has one form for runs and recurring runs. */
const newRun = (query: URLSearchParams): string =>
  query.has("recurring") || query.has("cloneFromRecurringRun")
    ? renamed("/recurring-runs/new", query, NEW_RECURRING_RUN)
    : renamed("/runs/new", query, NEW_RUN);

/** Our path for a hash such as `#/runs/details/ID`; null when it is not one of Kubeflow's. */
export function pathOfHash(hash: string): string | null {
  if (!hash.startsWith("#/")) return null;
  const [path = "", query = ""] = hash.slice(1).split("?", 2);
  for (const [pattern, to] of RULES) {
    const match = pattern.exec(path);
    if (match) return to(match.slice(1), new URLSearchParams(query));
  }
  return null;
}
