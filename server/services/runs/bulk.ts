/** Archives, restores and deletes runs in bulk. */
import type { Context } from "../context";

export interface BulkView {
  readonly done: string[];
  readonly failed: { readonly id: string; readonly message: string }[];
}

export async function archiveRuns(_context: Context, _ids: readonly string[]): Promise<BulkView> {
  throw new Error("not filled yet");
}
export async function restoreRuns(_context: Context, _ids: readonly string[]): Promise<BulkView> {
  throw new Error("not filled yet");
}
export async function deleteRuns(_context: Context, _ids: readonly string[]): Promise<BulkView> {
  throw new Error("not filled yet");
}
