/** Calls procedures without HTTP, for pages that are rendered on the server; every procedure checks the identity all the same. */
import { appRouter } from "./root";
import { createCallerFactory } from "./trpc";

/** A caller in the context of a request: `createCaller({ services, identity })`. */
export const createCaller = createCallerFactory(appRouter);
