/** What a client may report of a run's metrics: a batch of numbers, single ones or points of series. */
import { z } from "zod";

const MAX_BATCH = 1_000;
const MAX_NAME = 500;
const MAX_PATH = 10_000;

const Report = z.object({
  name: z
    .string()
    .min(1, "Give the metric a name.")
    .max(MAX_NAME, `Keep the name to ${MAX_NAME} characters.`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, "A name is one line without control characters."),
  value: z.number("Give a finite number."),
  /** Place in a series; a metric without one is a single number. */
  index: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullish(),
  /** When it was measured; the moment of the request where it is left out. */
  at: z.iso.datetime({ offset: true, error: "Write the time as ISO 8601, such as 2026-01-31T12:00:00Z." }).nullish(),
  format: z.enum(["raw", "percentage"]).default("raw"),
  /** Path of the task it belongs to, as PENSTOCK_STEP says it; the run as a whole where it is left out. */
  step: z.string().max(MAX_PATH).nullish(),
});

export const ReportMetricsInput = z.object({
  metrics: z.array(Report).min(1, "Report at least one metric.").max(MAX_BATCH, `Report at most ${MAX_BATCH} at once.`),
});
