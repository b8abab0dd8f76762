/** The whole API: a table of contents of its routers. */
import { examplesRouter } from "./routers/examples";
import { experimentsRouter } from "./routers/experiments";
import { pipelinesRouter } from "./routers/pipelines";
import { runsRouter } from "./routers/runs";
import { systemRouter } from "./routers/system";
import { tasksRouter } from "./routers/tasks";
import { router } from "./trpc";

export const appRouter = router({
  system: systemRouter,
  examples: examplesRouter,
  pipelines: pipelinesRouter,
  experiments: experimentsRouter,
  runs: runsRouter,
  tasks: tasksRouter,
});

/** The API as its clients see it. */
export type AppRouter = typeof appRouter;
