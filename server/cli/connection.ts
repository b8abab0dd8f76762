/** The server a command talks to: found by `PENSTOCK_URL`, else by what the last server wrote down. */
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { AppRouter } from "@/server/api/root";
import { readEnv } from "@/server/platform/env";
import { readServerFile } from "@/server/platform/server-file";
import { CommandError, EXIT, unreachable } from "./exit";
import type { Surroundings } from "./output";

const MAX_BATCH = 50;

/** The API as a client of it. */
export type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

export interface Connection {
  readonly url: string;
  readonly api: Api;
  /** Fetches a path of the server with the token. Throws when the server cannot be reached. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
}

/** Connects by the environment; nothing is sent yet. Throws when no server is known. */
export function connect(env: Surroundings["env"]): Connection {
  const settings = readEnv(env, { insecure: true });
  const file = settings.url === null || settings.token === null ? readServerFile(settings.home) : null;
  const url = settings.url ?? file?.address;
  if (url === undefined) throw unreachable(`http://127.0.0.1:${settings.port}`);
  const token = settings.token ?? (settings.url === null || settings.url === file?.address ? file?.token : undefined);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const api = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${url}/api/trpc`, headers, maxItems: MAX_BATCH, methodOverride: "POST" })],
  });
  return {
    url,
    api,
    get: (path, init = {}) => fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } }),
  };
}

/** The JSON of an answer. Throws what the server says is wrong. */
export async function jsonOf<T>(response: Response): Promise<T> {
  const body = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const error = body?.error ?? body ?? {};
  throw new CommandError(
    EXIT.refused,
    error.code ?? "invalid",
    error.message ?? `The server answered ${response.status}.`,
    error.problems ?? [],
  );
}
