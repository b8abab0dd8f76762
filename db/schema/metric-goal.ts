/** Whether a metric of a pipeline is better the higher or the lower it is; absent means that nobody has said. */
import { primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { MetricGoal } from "@/server/domain/views/compare";

export const metricGoal = sqliteTable(
  "metric_goal",
  {
    /** Name inside the specification, so that runs without a listed pipeline have goals too. */
    pipelineName: text("pipeline_name").notNull(),
    name: text("name").notNull(),
    goal: text("goal").$type<MetricGoal>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.pipelineName, t.name] })],
);
