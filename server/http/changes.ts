/** The stream of changes as server-sent events, written straight to its connection: many may listen at once. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { WatchChangesInput } from "@/server/domain/inputs/changes";
import { watchChanges } from "@/server/services/changes/watch-changes";
import type { Context } from "@/server/services/context";
import { readQuery } from "./read-query";

/** A listener that hears nothing for much longer takes the stream for broken. */
const PING_MS = 15_000;
const PING = "event: ping\ndata: 0\n\n";

/**
 * Answers with an event per change of the topics that the query names, until the client leaves. `lastEventId`, or the
 * header of that name, is where it goes on. Throws `invalid` for a topic that there is not.
 */
export async function answerChanges(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const { topic: topics, lastEventId } = readQuery(WatchChangesInput, query, { lists: ["topic"], flags: [] });
  const resumed = lastEventId ?? request.headers["last-event-id"];
  const after = resumed === undefined ? null : Number.parseInt(String(resumed), 10) || 0;
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const ping = setInterval(() => response.write(PING), PING_MS);
  try {
    for await (const change of watchChanges(context, { topics, after, signal: gone.signal })) {
      const isTaken = response.write(`id: ${change.id}\ndata: ${JSON.stringify(change)}\n\n`);
      if (!isTaken && !gone.signal.aborted) await once(response, "drain", { signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    clearInterval(ping);
    response.end();
  }
}
