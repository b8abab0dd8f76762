/** Keeps one child process alive: starts it, hears when it is ready, starts it again when it dies, and ends it. */
import { type ChildProcess, spawn } from "node:child_process";
import { z } from "zod";
import { afterDeath, type Death, type Restart } from "./restart";

export interface ChildPlan {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Called with what is to be told to the person at the terminal. */
  readonly tell: (line: string) => void;
  /** What follows a death; the server's own rule unless a test brings a quicker one. */
  readonly restarts?: (death: Death) => Restart;
}

export interface Child {
  /** Resolves when it is ready for the first time; rejects when it is given up. */
  readonly ready: Promise<void>;
  /** Rejects when it is given up, at any time; never resolves. */
  readonly givenUp: Promise<never>;
  /** Ends the present process so that a new one takes its place. */
  restart(): void;
  /** Ends it with TERM, after `graceMs` with KILL, and resolves when it is gone. It is not started again. */
  stop(graceMs: number): Promise<void>;
}

const Message = z.union([z.object({ ready: z.literal(true) }), z.object({ failed: z.string() })]);

/** Starts the child. It leads a process group of its own, so that Ctrl-C reaches it only through the supervisor. */
export function keepAlive(plan: ChildPlan): Child {
  let current: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let earlyDeaths = 0;
  let becomeReady = (): void => {};
  let giveUp = (_error: Error): void => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const ready = Promise.race([new Promise<void>((resolve) => (becomeReady = resolve)), givenUp]);
  for (const promise of [ready, givenUp]) promise.catch(() => {});

  const start = (): void => {
    const [file, ...args] = plan.command;
    let wasReady = false;
    let said: string | null = null;
    const child = spawn(file, args, {
      cwd: plan.cwd,
      env: plan.env,
      detached: true,
      // Standard output is for what the person at the terminal is told; whatever children print goes beside it.
      stdio: ["ignore", 2, 2, "ipc"],
    });
    current = child;
    child.on("message", (raw) => {
      const message = Message.safeParse(raw).data;
      if (message && "failed" in message) said = message.failed;
      if (message && "ready" in message) {
        wasReady = true;
        earlyDeaths = 0;
        becomeReady();
      }
    });
    const died = (how: string): void => {
      if (current !== child) return;
      current = null;
      if (isStopping) return;
      if (!wasReady) earlyDeaths += 1;
      const next = (plan.restarts ?? afterDeath)({ wasReady, earlyDeaths });
      if (next.kind === "give-up") {
        giveUp(
          new Error(`the ${plan.name} process ${how} ${earlyDeaths} times before it was ready: ${said ?? "see above"}`),
        );
        return;
      }
      plan.tell(`The ${plan.name} process ${how}${said ? ` (${said})` : ""}; starting it again.`);
      timer = setTimeout(start, next.afterMs);
    };
    child.once("error", (error) => died(`could not start (${error.message})`));
    child.once("exit", (code, signal) => died(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  };

  start();
  return {
    ready,
    givenUp,
    restart: () => current?.kill("SIGTERM"),
    async stop(graceMs) {
      isStopping = true;
      clearTimeout(timer);
      const child = current;
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await gone;
      clearTimeout(force);
    },
  };
}
