/** Whether the process lives, and whether the engine does; read from the database, so that it is true of a frozen engine too. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { StatusView } from "@/server/domain/views/status";
import { sendText } from "./replies";

/** Older signs of life than this mean that nothing is being scheduled. */
const STALE_MS = 5_000;

/** Milliseconds since the engine's last sign of life, null when it has never given one. */
export function heartbeatAgeMs(status: StatusView, now: Date): number | null {
  const seen = status.engine.lastSeenAt;
  return seen === null ? null : Math.max(0, now.getTime() - Date.parse(seen));
}

/** Why runs are not being worked on, null when they are. */
export function notReady(status: StatusView, now: Date): string | null {
  const age = heartbeatAgeMs(status, now);
  if (age === null) return "the engine has not started yet";
  return age < STALE_MS ? null : `the engine gave no sign of life for ${Math.round(age / 1000)} s`;
}

/** `GET /healthz` and `GET /readyz`. */
export async function answerHealth(
  path: string,
  status: () => Promise<StatusView>,
  now: Date,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (path === "/healthz") {
    sendText(request, response, 200, "ok\n");
    return;
  }
  const problem = await status().then(
    (view) => notReady(view, now),
    () => "the database does not answer",
  );
  sendText(request, response, problem === null ? 200 : 503, problem === null ? "ready\n" : `not ready: ${problem}\n`);
}
