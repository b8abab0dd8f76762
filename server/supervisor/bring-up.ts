/** Brings the server of a data directory up, keeps it up, and takes it down in order. */
import { type Db, openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { type EngineLock, LockRefusal, takeLock } from "@/db/queries/engine/lock";
import { dataDir } from "@/server/platform/data-dir";
import type { Settings } from "@/server/platform/env";
import { migrationsFolder } from "@/server/platform/root";
import { readServerFile, type ServerFile } from "@/server/platform/server-file";
import { type Child, type ChildPlan, keepAlive } from "./child";
import { greeting, runningAlready } from "./greeting";
import { announce, clearUploads, makeHome } from "./home";
import { portProblem } from "./port";
import { signInLink } from "./sign-in-link";
import { leaveSteps } from "./stop";

const STOP_GRACE_MS = 7_000;
/** A server that is on its way out lets go of its port within this time. */
const PORT_PATIENCE_MS = 1_500;
/** A server that is on its way up answers within this time. */
const ANSWER_PATIENCE_MS = 10_000;

export interface UpPlan {
  readonly commands: { readonly web: Omit<ChildPlan, "tell">; readonly engine: Omit<ChildPlan, "tell"> };
  /** Ends running steps before the server stops. */
  readonly endsSteps: boolean;
  /** Called when both children are ready; what it returns is called before they are stopped. */
  readonly onUp: (children: { readonly web: Child; readonly engine: Child }) => () => void;
  readonly stopping: AbortSignal;
  /** Stops without waiting for steps. */
  readonly hurrying: AbortSignal;
  readonly tell: (line: string) => void;
  readonly complain: (line: string) => void;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

function takeHome(home: string): EngineLock | LockRefusal {
  try {
    return takeLock(dataDir(home).supervisorLock, new Date());
  } catch (error) {
    if (error instanceof LockRefusal) return error;
    throw error;
  }
}

/**
 * Runs the server until `stopping`. When one runs on this data directory already, says where and returns. Throws when
 * the port is taken, the database cannot be used, or a child never becomes ready.
 */
export async function bringUp(settings: Settings, plan: UpPlan): Promise<void> {
  makeHome(settings.home);
  const lock = takeHome(settings.home);
  if (lock instanceof LockRefusal) return pointToRunning(settings, plan, lock);
  try {
    const problem = await portProblem(settings.hosts, settings.port, PORT_PATIENCE_MS);
    if (problem !== null) throw new Error(problem);
    const server = announce(settings);
    clearUploads(settings.home);
    await serve(settings, server, plan);
  } finally {
    lock.release();
  }
}

async function pointToRunning(settings: Settings, plan: UpPlan, refusal: LockRefusal): Promise<void> {
  const running = await signInLink(() => readServerFile(settings.home), ANSWER_PATIENCE_MS);
  if (running === null) throw refusal;
  plan.tell(runningAlready(settings, running.server, running.link));
}

async function serve(settings: Settings, server: ServerFile, plan: UpPlan): Promise<void> {
  // The pages take longest to load, so they begin before the database is migrated; they open it on the first request.
  const web = keepAlive({ ...plan.commands.web, tell: plan.complain });
  const children: Child[] = [web];
  let db: Db | undefined;
  try {
    db = openDatabase(dataDir(settings.home).database);
    migrateDatabase(db, migrationsFolder());
    const engine = keepAlive({ ...plan.commands.engine, tell: plan.complain });
    children.unshift(engine);
    const stopped = Promise.race([aborted(plan.stopping), web.givenUp, engine.givenUp]);
    const isUp = Promise.all([web.ready, engine.ready]).then(() => "up");
    if ((await Promise.race([isUp, stopped])) === "up") {
      const answer = settings.auth === "off" ? null : await signInLink(() => server, ANSWER_PATIENCE_MS);
      plan.tell(greeting(settings, server, answer?.link ?? server.address));
      const down = plan.onUp({ web, engine });
      await stopped.finally(down);
    }
    await leaveSteps(db, plan);
  } finally {
    await Promise.all(children.map((child) => child.stop(STOP_GRACE_MS)));
    db?.$client.close();
  }
}
