/** Answers tRPC requests: the fetch adapter around the whole API. */
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { type ApiContext, apiContext } from "./context";
import { appRouter } from "./root";

const TRPC_ENDPOINT = "/api/trpc";

/** Answers one request under `/api/trpc`; streams of changes stay open until their client leaves. */
export function answerTrpc(
  request: Request,
  contextOf: (headers: Headers) => ApiContext = apiContext,
): Promise<Response> {
  return fetchRequestHandler({
    endpoint: TRPC_ENDPOINT,
    req: request,
    router: appRouter,
    createContext: ({ req }) => contextOf(req.headers),
    responseMeta: ({ type }) => ({
      headers: { "Cache-Control": type === "subscription" ? "no-cache, no-transform" : "no-store" },
    }),
  });
}
