/** Counts runs by state. */
import type { CountRunsInput } from "@/server/domain/inputs";
import type { RunState } from "@/server/domain/states";
import type { Context } from "../context";

export function countRuns(_context: Context, _input: CountRunsInput): { readonly [state in RunState]?: number } {
  throw new Error("not filled yet");
}
