/** `POST /api/runs/<id>/metrics`: numbers that a client measures of a run. */
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Context } from "@/server/services/context";
import { reportMetrics } from "@/server/services/runs/report-metrics";
import { readJson } from "./read-json";

/** Body: `{"metrics": [{"name", "value", "index"?, "at"?, "format"?, "step"?}]}`; answers how many were stored. */
export const answerMetricReport = async (
  context: Context,
  request: IncomingMessage,
  runId: string,
): Promise<{ stored: number }> => reportMetrics(context, runId, await readJson(request, z.unknown()));
