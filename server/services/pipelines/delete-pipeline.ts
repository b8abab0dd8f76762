/** Deletes and restores a pipeline. */
import type { Context } from "../context";

export async function deletePipeline(_context: Context, _id: string): Promise<Record<string, never>> {
  throw new Error("not filled yet");
}
export async function restorePipeline(_context: Context, _id: string): Promise<Record<string, never>> {
  throw new Error("not filled yet");
}
