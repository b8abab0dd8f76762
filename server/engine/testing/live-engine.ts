/** Services, an engine and real processes on one data directory, for tests that leave nothing out. */
import { vi } from "vitest";
import { isRunOver } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import { roomLog } from "@/server/platform/log";
import { maskerOf } from "@/server/platform/masking";
import { getRun } from "@/server/services/runs/get-run";
import { type StartRunRequest, startRun } from "@/server/services/runs/start-run";
import { type TestServices, testServices } from "@/server/services/testing";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { processAttemptRunner } from "../attempts/runner";
import { createEngine } from "../engine";
import { type Loop, startLoop } from "../loop";
import { steadyClock } from "../steady-clock";

export interface LiveEngine {
  readonly services: TestServices;
  /** Uploads files, as a version of a pipeline where one is given. */
  readonly upload: (
    files: { readonly [path: string]: string },
    pipelineId?: string,
  ) => Promise<{ readonly versionId: string; readonly pipelineId: string }>;
  /** The run once it is over and no retry of it is to come. */
  readonly over: (id: string) => Promise<RunView>;
  readonly played: (request: StartRunRequest) => Promise<RunView>;
  readonly close: () => void;
}

/** Starts everything in a fresh directory. */
export async function liveEngine(): Promise<LiveEngine> {
  const services = testServices();
  const { db, dataDir } = services.context;
  const vault = { values: () => undefined, volume: () => undefined, masker: () => maskerOf([]) };
  const environment = process.env;
  const runner = processAttemptRunner({ dataDir, python: "python3", indexUrl: null, environment, vault });
  const log = roomLog("test");
  let loop: Loop | null = null;
  const wake = () => loop?.wake();
  const engine = createEngine({
    db,
    runner,
    clock: steadyClock(),
    slots: 4,
    dataDir,
    log,
    wake,
    hasChanged: () => true,
  });
  await engine.recover();
  const started = startLoop(engine, runner, log, { onFatal: (error) => console.error(error) });
  loop = started;
  const over = async (id: string): Promise<RunView> => {
    const isDone = () => {
      const run = getRun(services.context, id);
      return isRunOver(run.state) && run.retryRequestedAt === null;
    };
    await vi.waitUntil(isDone, { timeout: 30_000, interval: 10 });
    return getRun(services.context, id);
  };
  return {
    services,
    upload: async (files, pipelineId) => {
      const received = Object.entries(files).map(([path, text]) => services.receive(path, text));
      const stored = await storeUpload(services.context, {
        files: received,
        ...(pipelineId === undefined ? {} : { pipelineId }),
      });
      return { versionId: stored.version.id, pipelineId: stored.pipeline.id };
    },
    over,
    played: async (request) => over((await startRun(services.context, request)).id),
    close: () => {
      started.stop();
      engine.close();
      services.close();
    },
  };
}
