/** How web and engine are started: the bundles of a build, or in development the sources, again when they change. */
import { watch } from "node:fs";
import { join } from "node:path";
import type { Settings } from "@/server/platform/env";
import { programRoot } from "@/server/platform/root";
import type { Child, ChildPlan } from "./child";

type Command = Omit<ChildPlan, "tell">;

/** What a child is told by its environment: never the token, which it reads from `server.json`. */
function childEnv(settings: Settings, isDevelopment: boolean): NodeJS.ProcessEnv {
  const { PENSTOCK_TOKEN: _token, PENSTOCK_HOST: _host, ...env } = process.env;
  return {
    ...env,
    PENSTOCK_HOME: settings.home,
    PENSTOCK_PORT: String(settings.port),
    NODE_ENV: isDevelopment ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** Keeps the engine small: it is always there, and what a burst of steps took would stay with it for ever. */
const SMALL = {
  flags: ["--max-semi-space-size=1", "--expose-gc"],
  env: { MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_MMAP_THRESHOLD_: "131072" },
} as const;

/** Commands of both children. */
export function childCommands(settings: Settings, isDevelopment: boolean): { web: Command; engine: Command } {
  const root = programRoot();
  const entry = (name: string, flags: readonly string[] = []): [string, ...string[]] =>
    isDevelopment
      ? [process.execPath, ...flags, "--import", "tsx", join(root, "server", name, "main.ts")]
      : [process.execPath, ...flags, join(root, "dist", `${name}.js`)];
  const base = { env: childEnv(settings, isDevelopment), cwd: root };
  const host = settings.hosts.length > 1 ? [] : ["--host", settings.hosts[0]];
  const flags = [...host, ...(settings.isInsecure ? ["--insecure"] : []), ...(isDevelopment ? ["--dev"] : [])];
  return {
    web: { ...base, name: "web", command: [...entry("web"), ...flags] },
    engine: { ...base, env: { ...base.env, ...SMALL.env }, name: "engine", command: entry("engine", SMALL.flags) },
  };
}

/** Folders whose changes each child has to be started again for; the framework reloads the rest by itself. */
const SOURCES = {
  web: /^(server\/(web|http|rest|api|services|auth|domain|platform)|db|pipelines)\//,
  engine: /^(server\/(engine|services|domain|platform)|db|pipelines)\//,
} as const;
const SETTLE_MS = 150;

/** Starts children again when their sources change. Returns what ends the watching. */
export function watchSources(children: { readonly web: Child; readonly engine: Child }): () => void {
  const pending = new Set<keyof typeof SOURCES>();
  let timer: NodeJS.Timeout | undefined;
  const restart = (): void => {
    for (const name of pending) children[name].restart();
    pending.clear();
  };
  const watchers = ["server", "db", "pipelines"].map((folder) =>
    watch(join(programRoot(), folder), { recursive: true }, (_event, file) => {
      if (file === null || !/\.(ts|sql)$/.test(file) || file.endsWith(".test.ts")) return;
      for (const name of ["web", "engine"] as const) {
        if (SOURCES[name].test(`${folder}/${file}`)) pending.add(name);
      }
      clearTimeout(timer);
      timer = setTimeout(restart, SETTLE_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
