/** The plain-DAG fixtures: what each is started with and how it must end, read from the fixtures' own index. */
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
  readonly network: string;
  readonly expected: string;
}

export interface PlainFixture {
  /** Path relative to the fixtures' folder. */
  readonly path: string;
  readonly file: string;
  readonly arguments: { readonly [name: string]: JsonValue };
  readonly end: "SUCCEEDED" | "FAILED";
  /** Output values that the index names; artifacts as `<type>`. */
  readonly outputs: { readonly [name: string]: JsonValue } | null;
}

/** Folder of the Kubeflow fixtures, null where they are absent. */
export function kfpFixtures(): string | null {
  const base = process.env.PENSTOCK_FIXTURES ?? resolve(programRoot(), "..", "shared", "fixtures");
  const folder = join(base, "kfp");
  return existsSync(join(folder, "index.csv")) ? folder : null;
}

/** Constructs that come with a later issue, or whose outcome needs something that is not a process. */
const NOT_PLAIN =
  /Loop|\bIf\b|OneOf|Exit|AllCompleted|IfPresent|Concat|Importer|PVC-op|platform|Retry|Workspace|ExprSelector|Artifact\] in/;
const RUNS_HERE = /^(yes|shell cmds)/;
/** Ten minutes of sleeping, a model hub and an object-storage package tell nothing about this engine. */
const LEFT_OUT = /long-running|artifact_upload_download|upload_download_compiled/;

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

/** Every row of the index that this engine must run to the named end. */
export function plainFixtures(folder: string): PlainFixture[] {
  const { data } = Papa.parse<IndexRow>(readFileSync(join(folder, "index.csv"), "utf8"), {
    header: true,
    skipEmptyLines: true,
  });
  return data
    .filter((row) => !NOT_PLAIN.test(row.features) && RUNS_HERE.test(row.local_process) && !LEFT_OUT.test(row.path))
    .filter((row) => /^(SUCCEEDED|FAILED)/.test(row.expected))
    .map((row) => {
      const file = join(folder, row.path);
      const parsed = parsePipeline({ fileName: row.path, text: readFileSync(file, "utf8") });
      const declared = parsed.ok ? parsed.graph.parameters : [];
      const wanted = declared.filter((spec) => spec.required);
      const samples = Object.fromEntries(wanted.map((spec) => [spec.name, SAMPLES[spec.type]]));
      // The index gives free text where only certain values are allowed, which Kubeflow refuses since 2.16.
      const literals = wanted.flatMap((spec) =>
        spec.literals?.[0] === undefined ? [] : [[spec.name, spec.literals[0]]],
      );
      return {
        path: row.path,
        file,
        arguments: { ...samples, ...jsonAfter("args", row.expected), ...Object.fromEntries(literals) },
        end: row.expected.startsWith("FAILED") ? ("FAILED" as const) : ("SUCCEEDED" as const),
        outputs: jsonAfter("outputs", row.expected),
      };
    });
}
