/** The engine's process: takes the lock, takes over what runs, then turns until it is told to stop or its parent is gone. */
import { openDatabase } from "@/db/client";
import { schemaState } from "@/db/migrate";
import { type EngineLock, LockRefusal, takeLock } from "@/db/queries/engine/lock";
import { watchDatabase } from "@/db/queries/engine/watch";
import { listProfileRows } from "@/db/queries/profiles";
import { containerOf, podOf } from "@/server/domain/profile";
import { dataDir } from "@/server/platform/data-dir";
import { readEnv, type Settings } from "@/server/platform/env";
import { type Log, roomLog } from "@/server/platform/log";
import { migrationsFolder } from "@/server/platform/root";
import { vaultKey } from "@/server/platform/secret-key";
import { readSetting } from "@/server/services/settings/setting";
import { processAttemptRunner } from "./attempts/runner";
import { createEngine } from "./engine";
import { type Loop, startLoop } from "./loop";
import { giveBackMemory } from "./memory";
import { keepEnvironments } from "./python/keeper";
import { keepRetention } from "./retention-keeper";
import { steadyClock } from "./steady-clock";
import { engineVault } from "./vault";

/** Starts the engine on a data directory; resolves once it is scheduling, to what stops it without ending steps. */
async function startEngine(settings: Settings, log: Log, onFatal: (error: unknown) => void): Promise<() => void> {
  const paths = dataDir(settings.home);
  const lock: EngineLock = takeLock(paths.lock, new Date());
  const db = openDatabase(paths.database);
  if (schemaState(db, migrationsFolder()) !== "current") {
    throw new Error("the database is not at this build's schema; start Penstock with `npm start`, which migrates it");
  }
  const watch = watchDatabase(paths.database);
  const clock = steadyClock();
  const runner = processAttemptRunner({
    dataDir: paths,
    python: settings.python,
    indexUrl: settings.indexUrl,
    environment: process.env,
    now: clock.now,
    setting: (name) => readSetting(db, name),
    engines: () =>
      listProfileRows(db)
        .filter(({ executor }) => executor === "docker")
        .map((profile) => containerOf(profile).engine),
    clusters: () =>
      listProfileRows(db)
        .filter(({ executor }) => executor === "kubernetes")
        .map((profile) => podOf(profile)),
    vault: engineVault({ db, dataDir: paths, key: () => vaultKey(settings.home), log }),
  });
  let loop: Loop | undefined;
  const engine = createEngine({
    db,
    runner,
    clock,
    slots: settings.slots,
    dataDir: paths,
    log,
    wake: () => loop?.wake(),
    hasChanged: watch.hasChanged,
  });
  await engine.recover();
  runner.reapStrays();
  const stopKeeping = keepEnvironments({
    db,
    dataDir: paths,
    python: settings.python,
    indexUrl: settings.indexUrl,
    environment: process.env,
    log,
  });
  const stopRetention = keepRetention({ db, dataDir: paths, log });
  loop = startLoop(engine, runner, log, { onFatal, onRest: giveBackMemory });
  return () => {
    stopKeeping();
    stopRetention();
    loop?.stop();
    engine.close();
    watch.close();
    db.$client.close();
    lock.release();
  };
}

async function main(): Promise<void> {
  const log = roomLog("engine");
  const exit = (code: number): void => {
    process.exitCode = code;
    process.exit();
  };
  const fail = (error: unknown): void => {
    if (error instanceof LockRefusal) log.error({}, error.message);
    else log.fatal({ err: error }, "the engine cannot go on");
    exit(1);
  };
  try {
    const stop = await startEngine(readEnv(process.env), log, fail);
    const end = (): void => {
      try {
        stop();
        exit(0);
      } catch (error) {
        fail(error);
      }
    };
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
    process.once("disconnect", end);
    process.send?.({ ready: true });
  } catch (error) {
    fail(error);
  }
}

await main();
