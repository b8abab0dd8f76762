/** Lists and installs examples. */
import type { ExampleView, UploadView } from "@/server/domain/views";
import type { Context } from "../context";

export function listExamples(_context: Context): ExampleView[] {
  throw new Error("not filled yet");
}
export async function installExample(_context: Context, _id: string): Promise<UploadView> {
  throw new Error("not filled yet");
}
