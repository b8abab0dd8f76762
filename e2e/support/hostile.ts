/** Hostile words for whatever takes a text: paths that climb, SQL, names of prototypes, and requests made of them. */
import fc from "fast-check";
import type { KnownRoute } from "./every-route";

/** Ways to write a path that leaves its folder; `target` is a file that must never be read. */
export function traversals(target: string): readonly string[] {
  const climbing = ["../../canary.txt", "..\\..\\canary.txt", "../secret.key", "../../../../../../../../etc/passwd"];
  const encoded = climbing.flatMap((path) => {
    const once = encodeURIComponent(path).replaceAll(".", "%2e");
    return [path, once, encodeURIComponent(once), encodeURIComponent(encodeURIComponent(once))];
  });
  return [
    ...encoded,
    target,
    `/${target}`,
    `file://${target}`,
    `./..;/${target}`,
    `..%00/${target}`,
    `${target}\0.txt`,
    `C:\\Windows\\win.ini`,
    `\\\\host\\share`,
    "．．／．．／canary.txt",
    "‥/‥/canary.txt",
    "%c0%ae%c0%ae/canary.txt",
    "..%u2215canary.txt",
    "....//....//canary.txt",
    ".",
    "..",
    "~root/.ssh/id_rsa",
    "../".repeat(3_000),
    "a".repeat(10_000),
  ];
}

/** Texts that would change a statement they were pasted into. */
export const INJECTIONS: readonly string[] = [
  "'; drop table run; --",
  '" or 1=1 --',
  "created_at; delete from run",
  "created_at desc, (select hash from api_token)",
  "name) union select hash from api_token --",
  "1; attach database '/tmp/x' as x",
  "id' || (select load_extension('x')) || '",
  "state/**/desc",
  "`name`",
  "[name]",
  "name collate nocase",
  "randomblob(1000000000)",
  "?1",
  ":id",
  "$1",
  "\\'",
  "%27%20or%201%3D1",
  "%' escape '%",
  "_".repeat(500),
  "%".repeat(500),
];

const ODD: readonly string[] = [
  "",
  " ",
  "\0",
  "\u202e",
  "\ud800",
  "null",
  "undefined",
  "NaN",
  "-1",
  "0",
  "1e999",
  "99999999999999999999",
  "true",
  "[]",
  "{}",
  "{",
  '{"a":{"b":',
  "__proto__",
  "constructor",
  "toString",
  "%",
  "%E0%A4%A",
  "x".repeat(10_000),
];

const QUERY_NAMES = [
  ...["page_token", "page_size", "sort_by", "filter", "namespace", "experiment_id", "name", "display_name"],
  ...["description", "tags", "pipelineid", "pipelineId", "cascade", "view", "path", "download", "input", "batch"],
  ...["keepIncomplete", "parent", "pipeline_id", "run_id", "code_source_url", "__proto__", "page_token[]"],
];
const BODY_NAMES = [
  ...["name", "display_name", "displayName", "description", "namespace", "experiment_id", "pipeline_spec", "tags"],
  ...["pipeline_version_reference", "pipeline_id", "pipeline_version_id", "runtime_config", "parameters", "run_id"],
  ...["pipeline_root", "service_account", "scheduled_at", "storage_state", "state", "metrics", "value", "package_url"],
  ...["pipeline", "pipeline_version", "trigger", "cron_schedule", "periodic_schedule", "cron", "mode", "id", "ids"],
  ...["max_concurrency", "no_catchup", "plugins_input", "cursor", "limit", "search", "states", "versionId", "topics"],
  ...["__proto__", "constructor", "prototype"],
];
const FILTER_KEYS = ["id", "name", "created_at", "state", "storage_state", "experiment_id", "namespace", "tags.team"];
const OPERATIONS = ["EQUALS", "NOT_EQUALS", "GREATER_THAN", "LESS_THAN_EQUALS", "IN", "IS_SUBSTRING", 1, 8, 99, "DROP"];
const VALUES = ["int_value", "long_value", "string_value", "timestamp_value", "string_values", "int_values", "x_value"];

/** What a server of the test has: ids that exist, so that requests come further than "not found", and real page tokens. */
export interface Known {
  readonly ids: readonly string[];
  readonly pageTokens: readonly string[];
  readonly canary: string;
}

export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly type: string;
  readonly body: string | undefined;
}

function textOf({ ids, pageTokens, canary }: Known): fc.Arbitrary<string> {
  const changed = pageTokens.flatMap((token) => [
    token,
    token.slice(1),
    `${token}A`,
    token.slice(0, -3),
    token.toUpperCase(),
  ]);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...(ids.length > 0 ? ids : [""])) },
    { weight: 3, arbitrary: fc.constantFrom(...INJECTIONS) },
    { weight: 3, arbitrary: fc.constantFrom(...traversals(canary)) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD, ...changed) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  );
}

function filterOf(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const value = fc.oneof(
    text,
    fc.integer(),
    fc.record({ values: fc.array(text, { maxLength: 4 }) }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const predicate = fc
    .tuple(
      fc.constantFrom<string | number>(...OPERATIONS),
      fc.oneof(fc.constantFrom(...FILTER_KEYS), text),
      fc.constantFrom(...VALUES),
      value,
    )
    .map(([operation, key, field, given]) => ({ operation, key, [field]: given }));
  return fc.array(predicate, { maxLength: 4 }).map((predicates) => JSON.stringify({ predicates }));
}

/** A JSON text: mostly objects of known names, sometimes with a name twice, nested deeply, or broken. */
function bodyOf(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const leaf = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
  const name = fc.constantFrom(...BODY_NAMES);
  const inner = fc.oneof(leaf, fc.array(fc.tuple(name, leaf), { maxLength: 4 }).map(objectText).map(rawJson));
  const object = fc.array(fc.tuple(name, inner), { maxLength: 8 }).map(objectText);
  const deep = fc
    .constantFrom("[", '{"pipeline_spec":', '{"runtime_config":{"parameters":')
    .map((open) => open.repeat(20_000));
  return fc.oneof(
    { weight: 8, arbitrary: object },
    { weight: 1, arbitrary: deep },
    { weight: 2, arbitrary: text },
    { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
  );
}

/** JSON that is already text, so that names may come twice and `__proto__` stays a name. */
class RawJson {
  constructor(readonly text: string) {}
}
const rawJson = (text: string): RawJson => new RawJson(text);
const jsonText = (value: unknown): string => (value instanceof RawJson ? value.text : JSON.stringify(value));
const objectText = (pairs: readonly (readonly [string, unknown])[]): string =>
  `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${jsonText(value)}`).join(",")}}`;

/** A multipart body that is right in its form or nearly so. */
function formOf(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const part = fc
    .tuple(fc.constantFrom("uploadfile", "file", "path", "x"), text, fc.oneof(text, bodyOf(text)))
    .map(([field, file, content]) => {
      const name = file.replace(/[\r\n"]/g, "");
      return `--b\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n${content}\r\n`;
    });
  return fc
    .tuple(fc.array(part, { maxLength: 3 }), fc.constantFrom("--b--\r\n", "--b", ""))
    .map(([parts, end]) => parts.join("") + end);
}

const TYPES = ["application/json", "multipart/form-data; boundary=b", "multipart/form-data", "text/plain", ""];

/** A path segment as a client could send it: encoded, or as it is where the parser lets it through. */
const segment = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    return "%ED%A0%80";
  }
};

/** Requests to `route` with hostile ids, queries and bodies. */
export function hostileRequests(route: KnownRoute, known: Known): fc.Arbitrary<HostileRequest> {
  const text = textOf(known);
  const value = fc.oneof({ weight: 2, arbitrary: text }, { weight: 1, arbitrary: filterOf(text) });
  const query = fc
    .array(fc.tuple(fc.constantFrom(...QUERY_NAMES), value), { maxLength: 4 })
    .map((pairs) => pairs.map(([name, given]) => `${segment(name)}=${segment(given)}`).join("&"));
  const holes = route.path.split("x1");
  const path = fc
    .array(text, { minLength: holes.length - 1, maxLength: holes.length - 1 })
    .map((given) => holes.map((piece, at) => piece + (at < given.length ? segment(given[at] ?? "") : "")).join(""));
  const sent = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant("application/json"), bodyOf(text)) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...TYPES), formOf(text)) },
  );
  return fc.tuple(path, query, sent).map(([at, search, [type, body]]) => ({
    method: route.method,
    target: `${at}${search === "" ? "" : `${at.includes("?") ? "&" : "?"}${search}`}`,
    type,
    body: route.method === "GET" ? undefined : body,
  }));
}
