/** The fence of a container's attempt: written before anything is asked of the engine, it names the one container. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { changeFence, readFenceAs, setNewFence } from "../attempt-end";

const Fence = z.object({ fence: z.uuid(), socket: z.string(), image: z.string(), logBytes: z.number().int().min(0) });

/** What an attempt writes down before its container is made. */
export interface Fence {
  readonly fence: string;
  /** The engine that it is made with. */
  readonly socket: string;
  readonly image: string;
  /** Length of the log before the container's output. */
  readonly logBytes: number;
}

/** The fence of an attempt, null before it is set. */
export const readFence = (directory: string): Fence | null => readFenceAs(Fence, directory);

/** Sets the fence of an attempt that nobody has begun. Throws `StartRefusal` where it stands already. */
export function setFence(directory: string, { socket, image }: Pick<Fence, "socket" | "image">): Fence {
  const fence = { fence: randomUUID(), socket, image, logBytes: 0 };
  setNewFence(directory, fence);
  return fence;
}

/** Notes where the container's output begins; to be called before the container is made. */
export const moveFence = (directory: string, fence: Fence): void => changeFence(directory, fence);
