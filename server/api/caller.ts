/** Calls procedures without HTTP, for pages that are rendered on the server. */
import { type ApiContext, apiContext } from "./context";
import { appRouter } from "./root";
import { createCallerFactory } from "./trpc";

const callerOf = createCallerFactory(appRouter);

/** A caller under the identity of a request; every procedure checks it as it does over HTTP. */
export const createCaller = (headers: Headers) => callerOf(apiContext(headers));

/** A caller in a context of one's own. */
export const createCallerIn = (context: ApiContext) => callerOf(context);
