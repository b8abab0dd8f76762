/** The fence of a pod's attempt: written before anything is asked of the cluster, it names the one pod and where it is. */
import { z } from "zod";
import { readFenceAs } from "../attempt-end";

const Fence = z.object({
  fence: z.uuid(),
  cluster: z.object({
    kubeconfig: z.string().nullable(),
    context: z.string().nullable(),
    namespace: z.string().nullable(),
  }),
  /** Empty for an attempt that was given up before it began. */
  pod: z.string(),
  uid: z.string().nullable(),
  image: z.string(),
  helperImage: z.string(),
  patienceMs: z.number(),
  logBytes: z.number().int().min(0),
  /** Penstock's own words in the midst of the output: where the first stand, and how long all are. */
  words: z.object({ at: z.number().int(), bytes: z.number().int() }).nullable().default(null),
});

/** What an attempt writes down before its pod is made, and of it once it is there. */
export type PodFence = z.infer<typeof Fence>;

/** The fence of an attempt, null before it is set. */
export const readPodFence = (directory: string): PodFence | null => readFenceAs(Fence, directory);
