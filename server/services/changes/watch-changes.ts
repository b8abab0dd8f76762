/** The change feed. */
import type { ChangeView } from "@/server/domain/views";
import type { Context } from "../context";

export async function* watchChanges(
  _context: Context,
  _options: { topics: readonly string[]; after: number | null; signal: AbortSignal },
): AsyncGenerator<ChangeView> {
  throw new Error("not filled yet");
}
