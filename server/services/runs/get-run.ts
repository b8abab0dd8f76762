/** Reads one run whole. */
import type { RunView } from "@/server/domain/views";
import type { Context } from "../context";

export function getRun(_context: Context, _id: string): RunView {
  throw new Error("not filled yet");
}
