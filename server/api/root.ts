/** The whole API: a table of contents of its routers. */
import { artifactsRouter } from "./routers/artifacts";
import { compareRouter } from "./routers/compare";
import { environmentsRouter } from "./routers/environments";
import { examplesRouter } from "./routers/examples";
import { experimentsRouter } from "./routers/experiments";
import { pipelinesRouter } from "./routers/pipelines";
import { profilesRouter } from "./routers/profiles";
import { recurringRunsRouter } from "./routers/recurring-runs";
import { referencesRouter } from "./routers/references";
import { retentionRouter } from "./routers/retention";
import { runsRouter } from "./routers/runs";
import { secretsRouter } from "./routers/secrets";
import { settingsRouter } from "./routers/settings";
import { systemRouter } from "./routers/system";
import { tasksRouter } from "./routers/tasks";
import { tokensRouter } from "./routers/tokens";
import { viewsRouter } from "./routers/views";
import { volumesRouter } from "./routers/volumes";
import { router } from "./trpc";

export const appRouter = router({
  system: systemRouter,
  examples: examplesRouter,
  pipelines: pipelinesRouter,
  experiments: experimentsRouter,
  runs: runsRouter,
  recurringRuns: recurringRunsRouter,
  tasks: tasksRouter,
  artifacts: artifactsRouter,
  references: referencesRouter,
  compare: compareRouter,
  profiles: profilesRouter,
  secrets: secretsRouter,
  views: viewsRouter,
  volumes: volumesRouter,
  settings: settingsRouter,
  environments: environmentsRouter,
  retention: retentionRouter,
  tokens: tokensRouter,
});

/** The API as its clients see it. */
export type AppRouter = typeof appRouter;
