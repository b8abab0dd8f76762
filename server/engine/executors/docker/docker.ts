/** Runs attempts as containers of an engine on this machine: one each, found again by its fence, followed to its end. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { type AttemptHandle, type ExitReport, StartRefusal } from "../../attempts/contract";
import type { Waiter } from "../../waiter";
import { markStarted, readEnd } from "../attempt-end";
import { startedAtMs } from "../attempt-traces";
import type { AttemptSite, ContainerOrder, Ended, Executor, Inspection, StartSpec } from "../executor";
import { startRefusal } from "../start-failure";
import { engineAddress, type Surroundings, thisMachine } from "./address";
import { type EngineClient, EngineError, EngineGone, type EngineNature, engineClient } from "./client";
import { containerBody, containerName } from "./container-body";
import { type Follower, followContainer } from "./follow";
import { sweepLeftovers } from "./leftovers";
import { pullImage } from "./pull";
import { type Fence, moveFence, readFence, setFence } from "./traces";
import { engineGone, imageMissing, startTrouble } from "./words";

/** An engine that is being restarted has this long to come back before a step is refused. */
const COME_BACK_MS = 15_000;
const ADOPTION_ANSWER_MS = 5_000;
const FIRST_SWEEP_MS = 5_000;
const SWEEP_MS = 60_000;

export interface DockerExecutorOptions {
  /** What the search for the engine looks at; tests bring their own machine. */
  readonly around?: Surroundings;
  /** How long an engine that does not answer is waited for before a step is refused. */
  readonly comeBackMs?: number;
  /** After an engine is first spoken to. */
  readonly firstSweepMs?: number;
  /** Engines that may hold leftovers, as profiles name them; asked when strays are reaped. */
  readonly engines?: () => readonly (string | null)[];
}

interface Engine {
  readonly client: EngineClient;
  /** Asked once; again after a failure. */
  nature: Promise<EngineNature> | null;
}

const logSize = (directory: string): number =>
  statSync(join(directory, ATTEMPT_FILES.log), { throwIfNoEntry: false })?.size ?? 0;

const handleOf = ({ fence, socket }: Fence): AttemptHandle => ({ container: containerName(fence), socket });

const isMissing = (error: unknown): boolean => error instanceof EngineError && error.status === 404;
const lacksImage = (error: unknown): boolean => isMissing(error) && /no such image/i.test((error as Error).message);

/** Makes the executor of containers. */
export function dockerExecutor({
  around = thisMachine(),
  comeBackMs = COME_BACK_MS,
  firstSweepMs = FIRST_SWEEP_MS,
  engines: named = () => [],
}: DockerExecutorOptions = {}): Executor {
  const engines = new Map<string, Engine>();
  const live = new Map<string, { readonly fence: string; readonly follower: Follower | null }>();
  let folder: string | null = null;
  let isReleased = false;
  let sweepTimer: NodeJS.Timeout | null = null;

  const isFollowed = (fence: string): boolean => [...live.values()].some((one) => one.fence === fence);

  const sweep = async (): Promise<void> => {
    if (folder === null || isReleased) return;
    for (const { client } of engines.values()) await sweepLeftovers(client, folder, isFollowed).catch(() => undefined);
    if (!isReleased) sweepTimer = setTimeout(() => void sweep(), SWEEP_MS).unref();
  };
  const sweepSoon = (): void => {
    sweepTimer ??= setTimeout(() => void sweep(), firstSweepMs).unref();
  };

  const engineAt = (socket: string): Engine => {
    const known = engines.get(socket) ?? { client: engineClient(socket), nature: null };
    engines.set(socket, known);
    sweepSoon();
    return known;
  };

  const socketOf = (wanted: string | null): string => {
    const address = engineAddress(wanted, around);
    if (address.ok) return address.socket;
    throw new StartRefusal({ code: "engine-gone", message: address.message, subject: wanted });
  };

  const natureOf = (engine: Engine): Promise<EngineNature> => {
    engine.nature ??= engine.client.nature().catch((error: unknown) => {
      engine.nature = null;
      throw error;
    });
    return engine.nature;
  };

  /** Does it, and again for as long as an engine may take to come back. */
  const insist = async <T>(act: () => Promise<T>, { say, signal }: Waiter): Promise<T> => {
    for (let untilMs: number | null = null; ; await delay(250)) {
      signal.throwIfAborted();
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof EngineGone) || isReleased) throw error;
        if (untilMs === null) say(`Waiting for the container engine: ${error.message}\n`);
        untilMs ??= Date.now() + comeBackMs;
        if (Date.now() > untilMs) throw engineGone(error.message);
      }
    }
  };

  const follow = (
    id: string,
    directory: string,
    fence: Fence,
    keepMs: number,
    ended: Ended,
    isFresh: boolean,
  ): void => {
    const { client } = engineAt(fence.socket);
    const container = containerName(fence.fence);
    const follower = followContainer(
      {
        client,
        container,
        directory,
        fence,
        ended(report: ExitReport) {
          live.delete(id);
          ended(report);
          if (keepMs === 0 && readEnd(directory) !== null) client.remove(container).catch(() => undefined);
        },
      },
      isFresh,
    );
    live.set(id, { fence: fence.fence, follower });
  };

  const make = async (spec: StartSpec, order: ContainerOrder, engine: Engine, begun: Fence, waiter: Waiter) => {
    const { client } = engine;
    const name = containerName(begun.fence);
    const create = async (): Promise<Fence> => {
      const nature = await natureOf(engine);
      const owner = { uid: around.uid, gid: process.getgid?.() ?? null };
      const fence = { ...begun, logBytes: logSize(spec.directory) };
      moveFence(spec.directory, fence);
      try {
        await client.create(name, containerBody(spec, order, fence.fence, nature, owner));
      } catch (error) {
        // Made by an earlier request whose answer was lost: the name is this attempt's alone.
        if (!(error instanceof EngineError && error.status === 409)) throw error;
      }
      return fence;
    };
    if (order.pull === "always") await insist(() => pullImage(client, order, waiter), waiter);
    try {
      return await insist(create, waiter);
    } catch (error) {
      if (!lacksImage(error)) throw error;
      if (order.pull === "never") throw imageMissing(order.image);
      await insist(() => pullImage(client, order, waiter), waiter);
      return await insist(create, waiter);
    }
  };

  return {
    async start(spec, ended, waiter) {
      const { id, directory, container: order } = spec;
      if (order === undefined) throw new Error("the start of a container lacks its order");
      const engine = engineAt(socketOf(spec.engine ?? null));
      const { client } = engine;
      const begun = setFence(directory, { socket: client.socket, image: order.image });
      live.set(id, { fence: begun.fence, follower: null });
      const name = containerName(begun.fence);
      try {
        const fence = await make(spec, order, engine, begun, waiter);
        waiter.signal.throwIfAborted();
        markStarted(directory);
        // An engine that goes away now may have started it: then it is followed, and started again if it was not.
        const isFresh = await client.start(name).then(
          () => true,
          (error: unknown) => {
            if (error instanceof EngineGone) return false;
            throw error;
          },
        );
        if (isReleased) throw new Error("let go of while it was started");
        follow(id, directory, fence, spec.keepMs ?? 0, ended, isFresh);
        if (waiter.signal.aborted) live.get(id)?.follower?.stop(spec.graceMs);
        return handleOf(fence);
      } catch (error) {
        live.delete(id);
        if (!isReleased) client.remove(name).catch(() => undefined);
        throw startRefusal(startTrouble(error, order.image), "Making the container");
      }
    },

    async adopt(site: AttemptSite, _handle, ended) {
      const { id, directory } = site;
      const end = readEnd(directory);
      const fence = readFence(directory);
      if (end !== null) {
        // Its container may be there still: the sweep looks at this engine.
        if (fence !== null) engineAt(fence.socket);
        return { found: "ended", report: end, startedAtMs: startedAtMs(directory) };
      }
      if (fence === null) {
        fenceOff(directory);
        return { found: "never-begun" };
      }
      const beganAtMs = startedAtMs(directory);
      // Fenced off by an earlier engine.
      if (fence.socket === "") return { found: "never-begun" };
      const { client } = engineAt(fence.socket);
      const container = containerName(fence.fence);
      if (beganAtMs === null) {
        // Made at most; the request to start it was never sent.
        client.remove(container).catch(() => undefined);
        return { found: "never-begun" };
      }
      live.set(id, { fence: fence.fence, follower: null });
      try {
        await client.inspect(container, ADOPTION_ANSWER_MS);
      } catch (error) {
        if (isMissing(error)) {
          live.delete(id);
          return { found: "gone", because: "lost" };
        }
        // An engine that is away now is waited for: what it ran is there when it is back, or is not.
      }
      follow(id, directory, fence, site.keepMs ?? 0, ended, false);
      return { found: "alive", handle: handleOf(fence), startedAtMs: beganAtMs };
    },

    stop(id, graceMs) {
      live.get(id)?.follower?.stop(graceMs);
    },

    async inspect({ container, socket }): Promise<Inspection> {
      if (typeof container !== "string" || typeof socket !== "string") return "gone";
      try {
        return (await engineAt(socket).client.inspect(container)).State.Running ? "alive" : "gone";
      } catch (error) {
        if (isMissing(error)) return "gone";
        throw error;
      }
    },

    reapStrays(below) {
      folder = below;
      for (const wanted of named()) {
        const address = engineAddress(wanted, around);
        if (address.ok) engineAt(address.socket);
      }
      if (engines.size > 0) sweepSoon();
    },

    release() {
      isReleased = true;
      if (sweepTimer !== null) clearTimeout(sweepTimer);
      for (const { follower } of live.values()) follower?.release();
      live.clear();
      for (const { client } of engines.values()) client.close();
    },
  };
}

/** A start that comes late finds the fence and makes nothing. */
function fenceOff(directory: string): void {
  try {
    setFence(directory, { socket: "", image: "" });
  } catch {
    // The folder is not there either, or somebody was first: nothing can begin in it.
  }
}
