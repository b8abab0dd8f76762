/** Finds the container engine: where a profile or the environment says, else at the places where sockets are known to lie. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** What the search looks at; tests bring their own machine. */
export interface Surroundings {
  readonly env: { readonly [name: string]: string | undefined };
  readonly home: string;
  /** Of the user that runs Penstock; null where the system has none. */
  readonly uid: number | null;
  readonly exists: (path: string) => boolean;
  /** The text of a file; null when it cannot be read. */
  readonly text: (path: string) => string | null;
}

export type EngineAddress =
  | { readonly ok: true; readonly socket: string }
  | { readonly ok: false; readonly message: string };

const Config = z.object({ currentContext: z.string().optional() });
const Context = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

function parsed<T>(schema: z.ZodType<T>, text: string | null): T | null {
  try {
    return schema.parse(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}

/** The address of the context that is in use, as `docker context use` has stored it; null for the default one. */
function contextHost({ env, home, text }: Surroundings): string | null {
  const folder = env.DOCKER_CONFIG ?? join(home, ".docker");
  const name = env.DOCKER_CONTEXT ?? parsed(Config, text(join(folder, "config.json")))?.currentContext ?? "default";
  if (name === "" || name === "default") return null;
  const digest = createHash("sha256").update(name).digest("hex");
  const file = join(folder, "contexts", "meta", digest, "meta.json");
  return parsed(Context, text(file))?.Endpoints.docker.Host ?? null;
}

/** Sockets in the order in which they are tried: the user's own engine comes before the system's, Docker before Podman. */
function knownSockets({ env, home, uid }: Surroundings): string[] {
  const runtime = env.XDG_RUNTIME_DIR ?? (uid === null ? null : `/run/user/${uid}`);
  const own = runtime === null ? [] : [join(runtime, "docker.sock"), join(runtime, "podman", "podman.sock")];
  const system = ["/var/run/docker.sock", "/run/podman/podman.sock"];
  const [ownDocker, ownPodman] = own;
  return [ownDocker, join(home, ".docker", "run", "docker.sock"), system[0], ownPodman, system[1]].filter(
    (path) => path !== undefined,
  );
}

const elsewhere = (address: string): EngineAddress => ({
  ok: false,
  message: `The container engine ${address} is not on this machine. Steps get their files by mounts, so the engine has to be reached by a socket of this machine: give its path as unix:///path/to/docker.sock in the profile.`,
});

/** The socket of the engine; `wanted` is what a profile names. */
export function engineAddress(wanted: string | null, around: Surroundings): EngineAddress {
  const named = wanted ?? (around.env.DOCKER_HOST || contextHost(around));
  if (named !== null) {
    const socket = named.startsWith("unix://") ? named.slice("unix://".length) : named;
    return socket.startsWith("/") ? { ok: true, socket } : elsewhere(named);
  }
  const sockets = knownSockets(around);
  const found = sockets.find((path) => around.exists(path));
  if (found !== undefined) return { ok: true, socket: found };
  return {
    ok: false,
    message: `No container engine was found on this machine. Start Docker, or Podman with its socket (systemctl --user start podman.socket), or name the socket in the profile. Looked at ${sockets.join(", ")}.`,
  };
}

/** The machine as it is. */
export const thisMachine = (): Surroundings => ({
  env: process.env,
  home: homedir(),
  uid: process.getuid?.() ?? null,
  exists: existsSync,
  text(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return null;
    }
  },
});
