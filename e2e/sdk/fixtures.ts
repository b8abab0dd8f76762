/** The fixtures that Kubeflow's own clients upload, and those of them that they run. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "@/pipelines/graph";
import { kfpCases } from "../conformance/kfp-cases";
import { type KfpFixture, kfpIndex } from "../conformance/kfp-index";

export interface SubmittedFixture {
  /** Path relative to the fixtures' folder. */
  readonly path: string;
  readonly file: string;
  readonly arguments: { readonly [name: string]: JsonValue };
  readonly end: "SUCCEEDED" | "FAILED";
  /** Output values that the index names; artifacts as `<type>`. */
  readonly outputs: { readonly [name: string]: JsonValue } | null;
}

/** Every file that is a pipeline. */
export const validFixtures = (folder: string): string[] => kfpIndex(folder).map(({ file }) => file);

/** Every file that is none, and must be refused. */
export function invalidFixtures(folder: string): string[] {
  const invalid = join(folder, "invalid");
  return readdirSync(invalid).map((name) => join(invalid, name));
}

/** Every row that needs nothing beforehand and that the conformance suite runs to a named end on a server as it comes. */
export function submittedFixtures(folder: string): SubmittedFixture[] {
  const rows = new Map<string, KfpFixture>(kfpIndex(folder).map((row) => [row.path, row]));
  return kfpCases(folder).flatMap(({ name, expect, prepare }) => {
    const row = rows.get(name);
    if (row === undefined || expect.is !== "ended" || prepare !== undefined || row.end === null) return [];
    const { path, file, outputs } = row;
    return [{ path, file, arguments: row.arguments, end: row.end === "failed" ? "FAILED" : "SUCCEEDED", outputs }];
  });
}
