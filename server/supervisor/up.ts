/** `npm start` and `penstock up`: brings the server of a data directory up, keeps it up, and takes it down in order. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Db, openDatabase, transact } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { LockRefusal, takeLock } from "@/db/queries/engine/lock";
import { countLiveAttempts, requestCancelOfAll } from "@/db/queries/stop-steps";
import { dataDir } from "@/server/platform/data-dir";
import { readEnv, type Settings, SettingsError } from "@/server/platform/env";
import { migrationsFolder, programRoot } from "@/server/platform/root";
import { readServerFile, type ServerFile } from "@/server/platform/server-file";
import { type Child, keepAlive } from "./child";
import { childCommands, watchSources } from "./entries";
import { announce, clearUploads, makeHome } from "./home";
import { portProblem } from "./port";
import { signInLink } from "./sign-in-link";

const STOP_GRACE_MS = 7_000;
const STOP_STEPS_MS = 60_000;

const USAGE = `penstock up [--port N] [--host H] [--home DIR] [--insecure] [--stop-steps]

  --port N       port to listen on (4270)
  --host H       address to bind (loopback); another one needs --insecure
  --home DIR     data directory (~/.penstock)
  --insecure     bind an address that others reach, over plain HTTP
  --stop-steps   end running steps when the server stops; otherwise they go on
`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  home: { type: "string" },
  insecure: { type: "boolean", default: false },
  "stop-steps": { type: "boolean", default: false },
  dev: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Runs the server until it is told to stop. Returns the exit code: 0 in order, 1 trouble, 2 wrong settings. */
export async function up(argv: readonly string[]): Promise<number> {
  try {
    const { values: flags } = parseArgs({ args: [...argv], options: OPTIONS });
    if (flags.help) {
      tell(USAGE);
      return 0;
    }
    const home =
      flags.home ?? (flags.dev ? (process.env.PENSTOCK_HOME ?? join(programRoot(), ".penstock-dev")) : undefined);
    const settings = readEnv(process.env, { ...flags, home });
    return await bringUp(settings, { isDevelopment: flags.dev, stopsSteps: flags["stop-steps"] });
  } catch (error) {
    const isUsage = error instanceof SettingsError || (error instanceof TypeError && "code" in error);
    complain(error instanceof Error ? error.message : String(error));
    if (isUsage) complain("Run `npx penstock up --help` for the flags.");
    return isUsage ? 2 : 1;
  }
}

async function bringUp(settings: Settings, mode: { isDevelopment: boolean; stopsSteps: boolean }): Promise<number> {
  makeHome(settings.home);
  const files = dataDir(settings.home);
  const lock = (() => {
    try {
      return takeLock(files.supervisorLock, new Date());
    } catch (error) {
      if (!(error instanceof LockRefusal)) throw error;
      return error;
    }
  })();
  if (lock instanceof LockRefusal) return nameRunning(settings, lock);
  try {
    const problem = await portProblem(settings.hosts, settings.port, 1_500);
    if (problem !== null) throw new Error(problem);
    const server = announce(settings);
    clearUploads(settings.home);
    return await serve(settings, server, mode);
  } finally {
    lock.release();
  }
}

/** A second start on the same data directory: says where the first one is. */
async function nameRunning(settings: Settings, refusal: LockRefusal): Promise<number> {
  const server = readServerFile(settings.home);
  const link = server && (await signInLink(server, 10_000));
  if (server === null || link === null) throw refusal;
  tell(`Penstock is already running at ${server.address} (data directory ${settings.home}).`);
  tell("");
  tell(settings.auth === "off" ? `  Open    ${server.address}` : `  Open    ${link}   (good once, for 10 minutes)`);
  return 0;
}

async function serve(
  settings: Settings,
  server: ServerFile,
  mode: { isDevelopment: boolean; stopsSteps: boolean },
): Promise<number> {
  const { web: webCommand, engine: engineCommand } = childCommands(settings, mode.isDevelopment);
  const stopAsked = new Promise<string>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve(signal));
  });
  const web = keepAlive({ ...webCommand, tell: complain });
  const children: Child[] = [web];
  let db: Db | undefined;
  try {
    db = openDatabase(dataDir(settings.home).database);
    migrateDatabase(db, migrationsFolder());
    const engine = keepAlive({ ...engineCommand, tell: complain });
    children.unshift(engine);
    const givenUp = Promise.race([web.givenUp, engine.givenUp]);
    const isUp = await Promise.race([Promise.all([web.ready, engine.ready]).then(() => true), stopAsked, givenUp]);
    if (isUp === true) {
      await greet(settings, server);
      const stopWatching = mode.isDevelopment ? watchSources({ web, engine }) : () => {};
      await Promise.race([stopAsked, givenUp]);
      stopWatching();
    }
    await stopInOrder(db, mode.stopsSteps);
    return 0;
  } finally {
    await Promise.all(children.map((child) => child.stop(STOP_GRACE_MS)));
    db?.$client.close();
  }
}

async function greet(settings: Settings, server: ServerFile): Promise<void> {
  const link = settings.auth === "off" ? server.address : await signInLink(server, 5_000);
  const token = settings.auth === "off" ? "" : `, existing_token="${server.token}"`;
  tell(`Penstock ${version()} is running at ${server.address}`);
  tell("");
  tell(`  Open    ${link ?? server.address}${settings.auth === "off" ? "" : "   (good once, for 10 minutes)"}`);
  tell(`  Python  kfp.Client(host="${server.address}"${token})`);
  tell(`  Data    ${settings.home}`);
  tell("  Stop    Ctrl-C");
}

/** Says what becomes of the running steps, and ends them first if that is wanted. A second Ctrl-C does not wait. */
async function stopInOrder(db: Db, stopsSteps: boolean): Promise<void> {
  const running = countLiveAttempts(db);
  const steps = `${running} ${running === 1 ? "step" : "steps"}`;
  if (!stopsSteps) {
    tell(
      running === 0
        ? "Stopping; no step is running."
        : `Stopping; ${steps} go on running, the next start takes them over.`,
    );
    return;
  }
  const runs = await transact(db, (tx) => requestCancelOfAll(tx, new Date(), "--stop-steps"));
  tell(
    `Ending ${runs} ${runs === 1 ? "run" : "runs"} with ${steps} before stopping; Ctrl-C again stops without waiting.`,
  );
  let isImpatient = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isImpatient = true));
  for (const deadline = Date.now() + STOP_STEPS_MS; !isImpatient && Date.now() < deadline; await pause(50)) {
    if (countLiveAttempts(db) === 0) return;
  }
  tell(`${countLiveAttempts(db)} steps are still running and go on without the server.`);
}

function version(): string {
  const manifest = join(programRoot(), "package.json");
  return existsSync(manifest) ? String(JSON.parse(readFileSync(manifest, "utf8")).version) : "";
}
