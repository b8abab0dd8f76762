/** The Kubeflow fixtures and what their own index says of each: what it is started with and how it must end. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Papa from "papaparse";
import { parsePipeline } from "@/pipelines";
import type { JsonValue, ParameterSpec } from "@/pipelines/graph";
import { programRoot } from "@/server/platform/root";

interface IndexRow {
  readonly path: string;
  readonly features: string;
  readonly local_process: string;
  readonly kubernetes: string;
  readonly network: string;
  readonly expected: string;
}

export interface KfpFixture {
  /** Path relative to the fixtures' folder. */
  readonly path: string;
  readonly file: string;
  readonly text: string;
  readonly features: string;
  /** What the index says of running it as a process: `yes`, `shell cmds`, `emulate`, `no` … */
  readonly asProcess: string;
  readonly expected: string;
  readonly arguments: { readonly [name: string]: JsonValue };
  /** The end that the index names; null where it names none without a condition. */
  readonly end: "succeeded" | "failed" | null;
  /** Output values that the index names; artifacts as `<type>`. */
  readonly outputs: { readonly [name: string]: JsonValue } | null;
  /** Names of outputs where the index gives no values. */
  readonly outputNames: readonly string[];
}

/** Folder of one kind of fixtures, null where they are absent. */
export function fixtureFolder(kind: "kfp" | "elyra"): string | null {
  const base = process.env.PENSTOCK_FIXTURES ?? resolve(programRoot(), "..", "shared", "fixtures");
  const folder = join(base, kind);
  return existsSync(join(folder, "index.csv")) ? folder : null;
}

const SAMPLES: { readonly [type in ParameterSpec["type"]]: JsonValue } = {
  string: "text",
  integer: 3,
  number: 3,
  boolean: true,
  list: ["a", "b"],
  struct: { a: "b" },
};

/** JSON after `word`, when the index was not cut off in the middle of it. */
function jsonAfter(word: string, text: string): { readonly [name: string]: JsonValue } | null {
  const json = new RegExp(`${word} (\\{.*?\\})(?: \\||$)`).exec(text)?.[1];
  try {
    return json === undefined ? null : JSON.parse(json);
  } catch {
    return null;
  }
}

function argumentsOf(path: string, text: string, expected: string): { readonly [name: string]: JsonValue } {
  const parsed = parsePipeline({ fileName: path, text });
  const wanted = (parsed.ok ? parsed.graph.parameters : []).filter((spec) => spec.required);
  const samples = Object.fromEntries(wanted.map((spec) => [spec.name, SAMPLES[spec.type]]));
  // The index gives free text where only certain values are allowed, which Kubeflow refuses since 2.16.
  const literals = wanted.flatMap((spec) => (spec.literals?.[0] === undefined ? [] : [[spec.name, spec.literals[0]]]));
  return { ...samples, ...jsonAfter("args", expected), ...Object.fromEntries(literals) };
}

const ends = (expected: string): KfpFixture["end"] => {
  if (expected.startsWith("SUCCEEDED")) return "succeeded";
  return expected.startsWith("FAILED") ? "failed" : null;
};

/** Every row of the index. */
export function kfpIndex(folder: string): KfpFixture[] {
  const { data } = Papa.parse<IndexRow>(readFileSync(join(folder, "index.csv"), "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  return data.map((row) => {
    const file = join(folder, row.path);
    const text = readFileSync(file, "utf8");
    return {
      path: row.path,
      file,
      text,
      features: row.features,
      asProcess: row.local_process,
      expected: row.expected,
      arguments: argumentsOf(row.path, text, row.expected),
      end: ends(row.expected),
      outputs: jsonAfter("outputs", row.expected),
      outputNames: (/outputs: ([\w, ]+?)(?: \||$)/.exec(row.expected)?.[1] ?? "").split(/, */).filter(Boolean),
    };
  });
}
