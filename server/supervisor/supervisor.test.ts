import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { dataDir } from "@/server/platform/data-dir";
import { readEnv, type Settings } from "@/server/platform/env";
import { readServerFile } from "@/server/platform/server-file";
import { bringUp, type UpPlan } from "./bring-up";
import { keepAlive } from "./child";
import { afterDeath, type Death, type Restart } from "./restart";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "penstock-supervisor-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A child made of one script; it notes its process id in `<home>/<name>.pids` each time it starts. */
function script(name: string, body: string): UpPlan["commands"]["web"] {
  const note = `require("node:fs").appendFileSync(${JSON.stringify(join(home, `${name}.pids`))}, process.pid + "\\n");`;
  const ends = 'process.on("disconnect", () => process.exit(0)); process.on("SIGTERM", () => process.exit(0));';
  return { name, command: [process.execPath, "-e", note + ends + body], env: process.env, cwd: home };
}

/** The rule of restarts without its pauses. */
const soon = (death: Death): Restart => {
  const next = afterDeath(death);
  return next.kind === "restart" ? { kind: "restart", afterMs: 0 } : next;
};

const READY = "process.send({ ready: true }); setInterval(() => {}, 1000);";

const pids = (name: string): number[] => {
  const file = join(home, `${name}.pids`);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await pause(10)) {
    const found = await look();
    if (found) return found as NonNullable<T>;
  }
  throw new Error(`gave up waiting for ${what}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("when a child is started again", () => {
  test("at once if it had been ready, else after 0.1 to 5 s, and not after ten deaths in a row", () => {
    expect(afterDeath({ wasReady: true, earlyDeaths: 0 })).toEqual({ kind: "restart", afterMs: 0 });
    const pauses = Array.from({ length: 10 }, (_, i) => afterDeath({ wasReady: false, earlyDeaths: i + 1 }));
    expect(pauses.map((next) => (next.kind === "restart" ? next.afterMs : "give up"))).toEqual([
      100,
      200,
      400,
      800,
      1600,
      3200,
      5000,
      5000,
      5000,
      "give up",
    ]);
  });

  test("a killed child comes back with a new process, at once", async () => {
    const told: string[] = [];
    const child = keepAlive({ ...script("child", READY), tell: (line) => told.push(line) });
    await child.ready;
    const [first] = pids("child");
    process.kill(first ?? 0, "SIGKILL");
    const second = await until("the second process", () => pids("child")[1]);
    expect(isAlive(second)).toBe(true);
    expect(told).toEqual(["The child process was ended by SIGKILL; starting it again."]);
    await child.stop(1_000);
    expect(isAlive(second)).toBe(false);
  });

  test("one that never becomes ready is given up with its own words", async () => {
    const said = 'process.send({ failed: "no luck" }, () => process.exit(3));';
    const child = keepAlive({ ...script("child", said), tell: () => {}, restarts: soon });
    await expect(child.ready).rejects.toThrow(
      "the child process ended with code 3 10 times before it was ready: no luck",
    );
    expect(pids("child")).toHaveLength(10);
  });

  test("a command that is not there is told, not thrown", async () => {
    const told: string[] = [];
    const child = keepAlive({ ...script("child", ""), command: ["/nowhere"], tell: (line) => told.push(line) });
    await until("the first death", () => told[0]?.includes("could not start"));
    await child.stop(10);
  });

  test("one that does not hear TERM is killed after the grace", async () => {
    const deaf = `process.removeAllListeners("SIGTERM"); process.on("SIGTERM", () => {}); ${READY}`;
    const child = keepAlive({ ...script("child", deaf), tell: () => {} });
    await child.ready;
    await child.stop(100);
    expect(isAlive(pids("child")[0] ?? 0)).toBe(false);
  });

  test("children end when their supervisor is killed", async () => {
    const holder = spawn(
      process.execPath,
      [
        "-e",
        `const { spawn } = require("node:child_process");
         spawn(process.execPath, ["-e", ${JSON.stringify(script("orphan", READY).command[2])}], { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });`,
      ],
      { stdio: "ignore" },
    );
    const orphan = await until("the child", () => pids("orphan")[0]);
    holder.kill("SIGKILL");
    await until("its end", () => !isAlive(orphan));
  });
});

interface Started {
  readonly settings: Settings;
  readonly told: string[];
  readonly complained: string[];
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** A web process that makes codes for who has the token. */
const web = (settings: Settings): string => `
  const { token } = JSON.parse(require("node:fs").readFileSync(${JSON.stringify(dataDir(settings.home).serverFile)}, "utf8"));
  let made = 0;
  require("node:http").createServer((request, response) => {
    const isIn = request.headers.authorization === "Bearer " + token;
    response.writeHead(isIn ? 200 : 401).end(JSON.stringify({ code: "code-" + ++made }));
  }).listen(${settings.port}, "127.0.0.1", () => process.send({ ready: true }));`;

async function start(
  options: Partial<UpPlan> & { env?: { [name: string]: string }; port?: number } = {},
): Promise<Started> {
  const port = options.port ?? (await freePort());
  const settings = readEnv({ PENSTOCK_HOME: join(home, "data"), PENSTOCK_PORT: String(port), ...options.env });
  const told: string[] = [];
  const complained: string[] = [];
  const stopping = new AbortController();
  const done = bringUp(settings, {
    commands: { web: script("web", web(settings)), engine: script("engine", READY) },
    endsSteps: false,
    onUp: () => () => {},
    stopping: stopping.signal,
    hurrying: new AbortController().signal,
    tell: (line) => told.push(...line.split("\n")),
    complain: (line) => complained.push(line),
    ...options,
  });
  done.catch(() => {});
  return {
    settings,
    told,
    complained,
    done,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

const isUp = (server: Started) => until("the greeting", () => server.told.find((line) => line.includes("Stop")));

describe("the server of a data directory", () => {
  test("says where it is, with a code and a line for Python; its files are its owner's only", async () => {
    const server = await start();
    await isUp(server);
    const { address, token } = readServerFile(server.settings.home) ?? { address: "", token: "" };
    expect(server.told).toEqual([
      `Penstock 0.1.0 is running at ${address}`,
      "",
      `  Open    ${address}/sign-in?code=code-1   (good once, for 10 minutes)`,
      `  Python  kfp.Client(host="${address}", existing_token="${token}")`,
      `  Data    ${server.settings.home}`,
      "  Stop    Ctrl-C",
    ]);
    const files = dataDir(server.settings.home);
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect([modeOf(files.home), modeOf(files.serverFile), modeOf(files.secretKey)]).toEqual(["700", "600", "600"]);
    await server.stop();
    expect(server.told.at(-1)).toBe("Stopping; no step is running.");
    expect([...pids("web"), ...pids("engine")].some(isAlive)).toBe(false);
  });

  test("keeps its token over restarts; a token from outside takes its place", async () => {
    const tokens: (string | undefined)[] = [];
    for (const env of [{}, {}, { PENSTOCK_TOKEN: "chosen" }]) {
      const server = await start({ env });
      await isUp(server);
      tokens.push(readServerFile(server.settings.home)?.token);
      await server.stop();
    }
    expect(tokens[0]).toHaveLength(43);
    expect(tokens).toEqual([tokens[0], tokens[0], "chosen"]);
  });

  test("a second start says where the first one is, with a new code, and leaves it alone", async () => {
    const first = await start();
    await isUp(first);
    const second = await start();
    await second.done;
    expect(second.told).toEqual([
      `Penstock is already running at http://127.0.0.1:${first.settings.port} (data directory ${first.settings.home}).`,
      "",
      `  Open    http://127.0.0.1:${first.settings.port}/sign-in?code=code-2   (good once, for 10 minutes)`,
    ]);
    expect(pids("web")).toHaveLength(1);
    await first.stop();
  });

  test("two starts at the same instant: one server", async () => {
    const port = await freePort();
    const both = await Promise.all([start({ port }), start({ port })]);
    await until("both to have spoken", () => both.every(({ told }) => told.length > 0));
    expect(both.filter(({ told }) => told[0]?.includes("already running"))).toHaveLength(1);
    await Promise.all(both.map((server) => server.stop()));
    expect(pids("engine")).toHaveLength(1);
  });

  test("a port that something else holds is an error that names the flag", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const address = holder.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const server = await start({ port });
    await expect(server.done).rejects.toThrow(
      `Port ${port} is in use by another program; choose another one with --port.`,
    );
    expect(pids("web")).toEqual([]);
    holder.close();
  });

  test("an engine that never starts ends the whole server, and no process is left", async () => {
    const says = 'process.send({ failed: "the disk is on fire" }, () => process.exit(1));';
    const dying = { ...script("engine", says), restarts: soon };
    const port = await freePort();
    const settings = readEnv({ PENSTOCK_HOME: join(home, "data"), PENSTOCK_PORT: String(port) });
    const server = await start({ port, commands: { web: script("web", web(settings)), engine: dying } });
    await expect(server.done).rejects.toThrow("the disk is on fire");
    expect([...pids("web"), ...pids("engine")].some(isAlive)).toBe(false);
  });

  test("a database from a newer build is refused", async () => {
    const server = await start();
    await isUp(server);
    await server.stop();
    const db = openDatabase(dataDir(server.settings.home).database);
    db.$client.prepare("insert into __drizzle_migrations (hash, created_at) values ('x', ?)").run(Date.now() * 2);
    db.$client.close();
    await expect((await start()).done).rejects.toThrow(/newer Penstock/);
  });

  test("what broken uploads left is cleared, other things in tmp are not", async () => {
    const { tmp } = dataDir(join(home, "data"));
    for (const name of ["upload-x", "other"]) mkdirSync(join(tmp, name), { recursive: true });
    chmodSync(join(home, "data"), 0o755);
    const server = await start();
    await isUp(server);
    expect([existsSync(join(tmp, "upload-x")), existsSync(join(tmp, "other"))]).toEqual([false, true]);
    await server.stop();
  });

  /** An attempt that lives, in a run that is open. */
  function addStep(settings: Settings): () => unknown {
    const db = openDatabase(dataDir(settings.home).database);
    db.$client.pragma("foreign_keys = OFF");
    db.$client.exec(`
      insert into run (key, id, name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at, is_noticed)
        values (1, 'r', 'r', 'running', 1, 'p', 1, 'local', 'manual', '{}', 0, 0, 1);
      insert into attempt (task_key, run_key, number, state, created_at) values (1, 1, 1, 'running', 0);`);
    return () => {
      const row = db.$client
        .prepare("select cancel_requested_at is not null as asked, is_noticed as noticed from run")
        .get();
      db.$client.exec("update attempt set state = 'canceled' where (select cancel_requested_at from run) is not null");
      db.$client.close();
      return row;
    };
  }

  test("stopping says how many steps go on", async () => {
    const server = await start();
    await isUp(server);
    const look = addStep(server.settings);
    await server.stop();
    expect(server.told.at(-1)).toBe("Stopping; 1 step goes on running, the next start takes over.");
    expect(look()).toEqual({ asked: 0, noticed: 1 });
  });

  test("with --stop-steps they are asked to end and waited for", async () => {
    const server = await start({ endsSteps: true });
    await isUp(server);
    const look = addStep(server.settings);
    const stopped = server.stop();
    await until("the word of it", () => server.told.at(-1)?.startsWith("Ending 1 run with 1 step before stopping"));
    expect(look()).toEqual({ asked: 1, noticed: 0 });
    await stopped;
  });
});

test("start.mjs says which Node it needs, and needs nothing installed to say it", () => {
  const file = new URL("./start.mjs", import.meta.url).pathname;
  const imports = [...readFileSync(file, "utf8").matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name);
  expect(imports.every((name) => /^(node:|\.\/)/.test(name ?? ""))).toBe(true);
  for (const name of ["install.mjs", "build.mjs", "digest.mjs", "progress.mjs", "turn.mjs"]) {
    const text = readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
    for (const [, from] of text.matchAll(/^import .* from "(.*)";$/gm)) expect(from).toMatch(/^(node:|\.\/)/);
  }
  writeFileSync(join(home, "old.mjs"), "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });");
  const run = () =>
    execFileSync(process.execPath, ["--import", join(home, "old.mjs"), file], { encoding: "utf8", stdio: "pipe" });
  expect(run).toThrow("Penstock needs Node 20.19 or later; this is 18.20.0.");
});
