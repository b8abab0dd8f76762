/** The layout of the data directory: every path in it is made here, from integer keys and digests only. */
import { join } from "node:path";

/** Paths below a data directory. Names given by users never become part of one. */
export function dataDir(home: string) {
  const runDir = (runKey: number) => join(home, "runs", String(runKey));
  return {
    home,
    database: join(home, "penstock.db"),
    lock: join(home, "engine.lock"),
    /** Held while a server is up, so that a second start finds the first. */
    supervisorLock: join(home, "supervisor.lock"),
    serverFile: join(home, "server.json"),
    secretKey: join(home, "secret.key"),
    /** Seals the values of secrets; not part of the database, so that a copy of that one tells none. */
    vaultKey: join(home, "vault.key"),
    blobs: join(home, "blobs"),
    runs: join(home, "runs"),
    envs: join(home, "envs"),
    tmp: join(home, "tmp"),
    volumes: join(home, "volumes"),
    blob: (digest: string) => join(home, "blobs", digest.slice(0, 2), digest),
    volume: (volumeKey: number) => join(home, "volumes", String(volumeKey)),
    run: runDir,
    /** Shared file mode: one workspace for all steps of a run. */
    workspace: (runKey: number) => join(runDir(runKey), "workspace"),
    attempt: (runKey: number, taskKey: number, number: number) => join(runDir(runKey), String(taskKey), String(number)),
  };
}

export type DataDir = ReturnType<typeof dataDir>;

/** File names inside an attempt's directory. */
export const ATTEMPT_FILES = {
  work: "work",
  out: "out",
  log: "log",
  logTimes: "log.times",
  started: "started",
  pid: "pid",
  exit: "exit",
  /** Whose container it is, written before there is one. */
  container: "container",
  /** How a container ended, as JSON; from then on it is needed no more. */
  ended: "ended.json",
  /** What the pod of an attempt may fetch and bring, as JSON. */
  grant: "grant.json",
  /** What the platform document of the step mounts, while the step runs. */
  mounted: "mounted",
  /** Most memory seen so far and the like, as JSON. */
  usage: "usage",
  events: "events.jsonl",
  /** What was started, as JSON: argv, cwd, env with secrets left out. */
  command: "command.json",
} as const;
