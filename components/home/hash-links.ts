/** Kubeflow's addresses after `#`, as they stand in bookmarks and in what its SDK prints, and ours for them. */

const ID = "([^/?]+)";

const RULES: readonly (readonly [RegExp, (ids: readonly string[], query: URLSearchParams) => string])[] = [
  [new RegExp(`^/runs/details/${ID}`), ([id]) => `/runs/${id}`],
  [/^\/runs\/new/, (_, query) => newRun(query)],
  [/^\/archive\/runs/, () => "/runs?archived=true"],
  [/^\/runs/, () => "/runs"],
  [new RegExp(`^/pipelines/details/${ID}/version/${ID}`), ([id, version]) => `/pipelines/${id}?versionId=${version}`],
  [new RegExp(`^/pipelines/details/${ID}`), ([id]) => `/pipelines/${id}`],
  [/^\/pipeline_versions\/new/, (_, query) => withQuery("/pipelines/new", "pipeline", query.get("pipelineId"))],
  [/^\/(?:shared\/)?pipelines/, () => "/pipelines"],
  [new RegExp(`^/experiments/details/${ID}`), ([id]) => `/experiments/${id}`],
  [/^\/experiments\/new/, () => "/experiments/new"],
  [/^\/archive\/experiments/, () => "/experiments?archived=true"],
  [/^\/experiments/, () => "/experiments"],
];

const withQuery = (path: string, key: string, value: string | null): string =>
  value ? `${path}?${key}=${encodeURIComponent(value)}` : path;

function newRun(query: URLSearchParams): string {
  const ours = new URLSearchParams();
  const names = {
    pipelineId: "pipeline",
    pipelineVersionId: "version",
    experimentId: "experiment",
    cloneFromRun: "cloneFrom",
  };
  for (const [theirs, name] of Object.entries(names)) {
    const value = query.get(theirs);
    if (value) ours.set(name, value);
  }
  return ours.size === 0 ? "/runs/new" : `/runs/new?${ours}`;
}

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
