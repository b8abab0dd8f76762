/** What a snippet is, and how its three languages are put together; no snippet ever holds a credential. */
import type { JsonValue } from "@/pipelines/graph";
import { pythonLiteral, shellQuote } from "./quoting";

/** The text to paste, or why there is none in this language. */
export type Snippet = { readonly text: string } | { readonly reason: string };

/** One action in three languages; pasted, each does the same. */
export interface Snippets {
  readonly curl: Snippet;
  readonly python: Snippet;
  readonly command: Snippet;
}

export interface CurlRequest {
  readonly method?: "GET" | "POST" | "DELETE";
  /** Path and query on this server. */
  readonly path: string;
  readonly body?: JsonValue;
  /** Further arguments, quoted already. */
  readonly more?: readonly string[];
}

function curlText(origin: string, { method = "POST", path, body, more = [] }: CurlRequest): string {
  const lines = [
    `curl --fail-with-body${method === "GET" ? "" : ` -X ${method}`}`,
    shellQuote(origin + path),
    '-H "Authorization: Bearer $PENSTOCK_TOKEN"',
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${shellQuote(JSON.stringify(body, null, 2))}`]),
    ...more,
  ];
  return lines.join(" \\\n  ");
}

/** One request, or one for each of several things. */
export const curl = (origin: string, ...requests: readonly CurlRequest[]): Snippet => ({
  text: requests.map((request) => curlText(origin, request)).join("\n"),
});

/** A request to a procedure of the pages' own API. */
export const procedure = (name: string, body: JsonValue): CurlRequest => ({ path: `/api/trpc/${name}`, body });

/** Statements with `client`, a `kfp.Client` of this server. */
export const python = (origin: string, ...lines: readonly string[]): Snippet => ({
  text: [
    "import os",
    "import kfp",
    "",
    "client = kfp.Client(",
    `    host=${pythonLiteral(origin)},`,
    '    existing_token=os.environ["PENSTOCK_TOKEN"],',
    ")",
    ...lines,
  ].join("\n"),
});

/** A Python call, an argument a line; arguments without a value are left out. */
export function pythonCall(
  target: string,
  args: { readonly [name: string]: JsonValue | undefined },
): readonly string[] {
  const given = Object.entries(args).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name}=${pythonLiteral(value)},`],
  );
  return given.length === 0 ? [`${target}()`] : [`${target}(`, ...given, ")"];
}

/** Does the same with each of several ids. */
export const pythonEach = (ids: readonly string[], call: string): readonly string[] => {
  const [only] = ids;
  return ids.length === 1 && only !== undefined
    ? [`${call}(${pythonLiteral(only)})`]
    : [`for run_id in ${pythonLiteral([...ids])}:`, `    ${call}(run_id)`];
};

/** A flag with its value; nothing where there is no value. */
export const flag = (name: string, value: string | null | undefined): readonly string[] =>
  value === null || value === undefined || value === "" ? [] : [`${name} ${shellQuote(value)}`];

/** A `penstock` command: its words, then flags on lines of their own. */
export const command = (words: readonly string[], ...flags: readonly string[]): Snippet => ({
  text: [`npx penstock ${words.map(shellQuote).join(" ")}`, ...flags].join(" \\\n  "),
});

export const none = (reason: string): Snippet => ({ reason });
