/** Reads one task whole. */
import type { TaskView } from "@/server/domain/views";
import type { Context } from "../context";

export async function getTask(_context: Context, _key: number): Promise<TaskView> {
  throw new Error("not filled yet");
}
