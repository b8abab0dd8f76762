/** Which changes a client may follow: the schema of the request. */
import { z } from "zod";

/** `runs`, `run:<id>`, `pipelines`, `experiments`, `recurring-runs`, `system` or `log:<task>/<attempt>`. */
const Topic = z
  .string()
  .regex(/^(?:runs|pipelines|experiments|recurring-runs|system|run:[A-Za-z0-9_-]{1,64}|log:\d{1,15}\/\d{1,9})$/);

export const WatchChangesInput = z.object({
  topic: z.array(Topic).min(1).max(500),
  lastEventId: z.string().max(32).optional(),
});
export type WatchChangesInput = z.infer<typeof WatchChangesInput>;
