/** Asks a running server for a link that signs a browser in. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { ServerFile } from "@/server/platform/server-file";

const Answer = z.object({ code: z.string() });

/** A link with a new one-time code; null when the server does not answer within `patienceMs`. */
export async function signInLink(server: ServerFile, patienceMs: number): Promise<string | null> {
  for (const deadline = Date.now() + patienceMs; ; await pause(100)) {
    const response = await fetch(`${server.address}/api/sign-in-codes`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
      signal: AbortSignal.timeout(5_000),
    }).catch(() => null);
    if (response?.ok) return `${server.address}/sign-in?code=${Answer.parse(await response.json()).code}`;
    if (response !== null || Date.now() > deadline) return null;
  }
}
