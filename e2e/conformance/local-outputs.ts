/** What tasks left, in a form that two runners can be compared by: values, and artifacts by content and metadata. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { JsonValue } from "@/pipelines/graph";
import { toStrictJson } from "./strict-json";

export interface Left {
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly artifacts: { readonly [name: string]: readonly LeftArtifact[] };
}

export interface LeftArtifact {
  readonly metadata: { readonly [key: string]: JsonValue };
  /** Digest of a file, or of every file of a directory by path; null where nothing was written. */
  readonly content: JsonValue;
}

const RESULT = "executor_output.json";

const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);

/** What stands at a path, comparable between machines. */
export function contentOf(path: string | null): JsonValue {
  if (path === null || !existsSync(path)) return null;
  if (!statSync(path).isDirectory()) return digest(path);
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((file) => [relative(path, file), digest(file)]));
}

interface ResultFile {
  readonly parameterValues?: { readonly [name: string]: JsonValue };
  readonly artifacts?: {
    readonly [name: string]: {
      readonly artifacts: readonly {
        readonly uri: string;
        readonly metadata?: { readonly [key: string]: JsonValue };
      }[];
    };
  };
}

/** Loops and iterations on the way to a task and its own name: kfp.local knows no other part of a path. */
const localKey = (folder: string): string => {
  const parts = folder.split("/");
  const indexes = parts.flatMap((part) => /-iteration-(\d+)$/.exec(part)?.[1] ?? []);
  // It names a task by its component, which is numbered where the same function is used twice.
  return [parts.at(-1)?.replace(/-\d+$/, ""), ...indexes.map((index) => `[${index}]`)].join("");
};

/** Parameters that a task wrote into files of their own: the text of each, which stands for any value it reads as. */
function fileParameters(folder: string, result: ResultFile): { [name: string]: JsonValue } {
  const known = new Set([...Object.keys(result.parameterValues ?? {}), ...Object.keys(result.artifacts ?? {})]);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).filter((name) => name !== RESULT && !known.has(name));
  return Object.fromEntries(names.map((name) => [name, asValue(readFileSync(join(folder, name), "utf8"))]));
}

function asValue(text: string): JsonValue {
  try {
    return JSON.parse(text.replace(/^(?:True|False)$/, (word) => word.toLowerCase()));
  } catch {
    return text;
  }
}

/** What every task left under kfp.local, from the result files below its root, by task; several may have one key. */
export function kfpLocalLeft(root: string): [string, Left][] {
  const [run] = existsSync(root) ? readdirSync(root) : [];
  if (run === undefined) return [];
  const folder = join(root, run);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((path) => path.endsWith(`/${RESULT}`))
    .map((path) => {
      const task = path.slice(0, -`/${RESULT}`.length);
      const result = toStrictJson(readFileSync(join(folder, path), "utf8")) as ResultFile;
      const artifacts = Object.entries(result.artifacts ?? {}).map(([name, list]) => [
        name,
        list.artifacts.map(({ uri, metadata = {} }) => ({ metadata, content: contentOf(uri) })),
      ]);
      const parameters = { ...fileParameters(join(folder, task), result), ...result.parameterValues };
      return [localKey(task), { parameters, artifacts: Object.fromEntries(artifacts) }];
    });
}

/** The same key for a task of ours. */
export function ourKey(path: string): string {
  const parts = path.split("/").map(decodeURIComponent);
  const indexes = parts.flatMap((part) => /^(?:.*)\[(\d+)\]$/.exec(part)?.[1] ?? []);
  const names = parts.filter((part) => !/^\[\d+\]$/.test(part));
  const own = (names.at(-1) ?? "").replace(/\[\d+\]$/, "").replace(/-\d+$/, "");
  return [own, ...indexes.map((index) => `[${index}]`)].join("");
}
