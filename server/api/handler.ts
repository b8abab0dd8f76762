/** Answers tRPC requests: the fetch adapter around the whole API. */
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { ApiContext } from "./context";
import { appRouter } from "./root";

const TRPC_ENDPOINT = "/api/trpc";

/** Answers one request under `/api/trpc`. */
export function answerTrpc(request: Request, context: ApiContext): Promise<Response> {
  return fetchRequestHandler({
    endpoint: TRPC_ENDPOINT,
    req: request,
    router: appRouter,
    // A question may be as long as a run's parameters, too long for an address.
    allowMethodOverride: true,
    createContext: () => context,
    responseMeta: () => ({ headers: { "Cache-Control": "no-store" } }),
  });
}
