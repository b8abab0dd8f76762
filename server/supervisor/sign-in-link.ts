/** Asks a running server for a link that signs a browser in. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { ServerFile } from "@/server/platform/server-file";

const Answer = z.object({ code: z.string() });

/**
 * The server that `find` gives, with a link that holds a new one-time code; null when none answers within `patienceMs`.
 * `find` is asked anew each time, because a server that is on its way up writes its file late.
 */
export async function signInLink(
  find: () => ServerFile | null,
  patienceMs: number,
): Promise<{ readonly server: ServerFile; readonly link: string } | null> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await pause(50)) {
    const server = find();
    if (server === null) continue;
    const response = await fetch(`${server.address}/api/sign-in-codes`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
      signal: AbortSignal.timeout(5_000),
    }).catch(() => null);
    if (!response?.ok) continue;
    const { code } = Answer.parse(await response.json());
    return { server, link: `${server.address}/sign-in?code=${code}` };
  }
  return null;
}
