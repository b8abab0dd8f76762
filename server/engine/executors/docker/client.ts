/** Talks to a container engine (Docker's Engine API, also as Podman offers it) through its socket. */
import { Agent, type IncomingMessage, request } from "node:http";
import { z } from "zod";

/** The newest version of the API that is spoken here; an older engine is spoken to in its own. */
const NEWEST = [1, 44] as const;
const ANSWER_MS = 30_000;
/** Making and starting containers waits for disks and registries. */
const SLOW_ANSWER_MS = 120_000;

/** The engine answered that it cannot. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "EngineError";
    this.status = status;
  }
}

/** The engine did not answer. */
export class EngineGone extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineGone";
  }
}

const State = z.object({
  Status: z.string(),
  Running: z.boolean(),
  OOMKilled: z.boolean().catch(false),
  ExitCode: z.number().int(),
  Error: z.string().catch(""),
  StartedAt: z.string().catch(""),
  FinishedAt: z.string().catch(""),
});
const Inspected = z.object({
  Id: z.string(),
  State,
  HostConfig: z.object({ Memory: z.number().catch(0) }).catch({ Memory: 0 }),
});
export type Inspected = z.infer<typeof Inspected>;

const Listed = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).catch([]),
    Labels: z
      .record(z.string(), z.string())
      .nullish()
      .transform((labels) => labels ?? {}),
  }),
);
export type Listed = z.infer<typeof Listed>[number];

const Info = z.object({
  SecurityOptions: z
    .array(z.string())
    .nullish()
    .transform((options) => options ?? []),
  Rootless: z.boolean().optional(),
});
const Version = z.object({ Components: z.array(z.object({ Name: z.string() })).catch([]) });

/** What matters of an engine's nature. */
export interface EngineNature {
  /** Its root is the user that runs it. */
  readonly isRootless: boolean;
  readonly isPodman: boolean;
}

const Stats = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
  memory_stats: z.object({
    usage: z.number(),
    stats: z.object({ inactive_file: z.number().optional(), total_inactive_file: z.number().optional() }).optional(),
  }),
});

export interface ContainerStats {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

interface Call {
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  readonly signal?: AbortSignal | undefined;
  readonly answerMs?: number;
}

export type EngineClient = ReturnType<typeof engineClient>;

const UNANSWERED = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "EACCES", "ENOTSOCK"]);

/** A failure of the connection as `EngineGone`; anything else as it is. */
export function asGone(error: unknown, socket: string): unknown {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  if (code === "EACCES") {
    return new EngineGone(
      `the user that runs Penstock may not use ${socket}; add it to the group that owns the socket`,
    );
  }
  if (code === "ENOENT" || code === "ECONNREFUSED") return new EngineGone(`nothing listens at ${socket}`);
  return UNANSWERED.has(code) ? new EngineGone(`${socket}: ${message}`) : error;
}

/** Lets pass what says that there is nothing left to act upon. */
function unlessGone(error: unknown): void {
  if (error instanceof EngineError && (error.status === 404 || error.status === 409)) return;
  throw error;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Something between us and the engine answered in words of its own.
  }
  return text.trim().slice(0, 1_000);
}

/** A client of the engine behind a socket. Every method throws `EngineError` or `EngineGone`. */
export function engineClient(socket: string) {
  const agent = new Agent({ keepAlive: true });
  let version: Promise<string> | null = null;

  /** One request; resolves with the head of the answer, whatever its status. */
  const send = (method: string, path: string, { body, headers, signal, answerMs }: Call): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const sent = request(
        {
          socketPath: socket,
          agent,
          method,
          path,
          ...(signal === undefined ? {} : { signal }),
          headers: {
            Host: "penstock",
            ...(text === undefined
              ? { "Content-Length": "0" }
              : { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(text)) }),
            ...headers,
          },
        },
        (response) => {
          clearTimeout(timer);
          resolve(response);
        },
      );
      const timer = setTimeout(() => {
        sent.destroy(new EngineGone(`${socket} has not answered for ${(answerMs ?? ANSWER_MS) / 1_000} s`));
      }, answerMs ?? ANSWER_MS);
      sent.on("error", (error) => {
        clearTimeout(timer);
        reject(asGone(error, socket));
      });
      sent.end(text);
    });

  const spoken = async (): Promise<string> => {
    const response = await send("GET", "/_ping", { answerMs: 5_000 });
    await textOf(response);
    const [major = 1, minor = 40] = String(response.headers["api-version"] ?? "1.40")
      .split(".")
      .map(Number);
    const isNewer = major > NEWEST[0] || (major === NEWEST[0] && minor > NEWEST[1]);
    return isNewer ? NEWEST.join(".") : `${major}.${minor}`;
  };

  const open = async (method: string, path: string, call: Call = {}): Promise<IncomingMessage> => {
    version ??= spoken();
    const spokenVersion = await version.catch((error: unknown) => {
      version = null;
      throw error;
    });
    const response = await send(method, `/v${spokenVersion}${path}`, call);
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    throw new EngineError(status, messageIn(await textOf(response)));
  };

  const answer = async (method: string, path: string, call?: Call): Promise<string> => {
    try {
      return await textOf(await open(method, path, call));
    } catch (error) {
      throw asGone(error, socket);
    }
  };
  const json = async <T>(schema: z.ZodType<T>, method: string, path: string, call?: Call): Promise<T> =>
    schema.parse(JSON.parse(await answer(method, path, call)));

  const at = (container: string, verb: string): string => `/containers/${encodeURIComponent(container)}${verb}`;

  return {
    socket,

    async nature(): Promise<EngineNature> {
      const [info, { Components }] = await Promise.all([json(Info, "GET", "/info"), json(Version, "GET", "/version")]);
      return {
        isRootless: info.Rootless === true || info.SecurityOptions.some((option) => option.includes("rootless")),
        isPodman: Components.some(({ Name }) => /podman/i.test(Name)),
      };
    },

    async create(name: string, body: unknown): Promise<void> {
      await answer("POST", `/containers/create?name=${encodeURIComponent(name)}`, { body, answerMs: SLOW_ANSWER_MS });
    },

    /** Also fine for one that runs already. */
    async start(container: string): Promise<void> {
      await answer("POST", at(container, "/start"), { answerMs: SLOW_ANSWER_MS });
    },

    inspect: (container: string, answerMs?: number): Promise<Inspected> =>
      json(Inspected, "GET", at(container, "/json"), answerMs === undefined ? {} : { answerMs }),

    /** Both streams in frames from the beginning; `isFollowed` goes on until the container ends. */
    logs: (container: string, isFollowed: boolean, signal: AbortSignal): Promise<IncomingMessage> =>
      open("GET", at(container, `/logs?follow=${isFollowed ? 1 : 0}&stdout=1&stderr=1`), { signal }),

    /** Returns when the container does not run, or after a while. */
    async wait(container: string, atMostMs: number): Promise<void> {
      const signal = AbortSignal.timeout(atMostMs);
      await answer("POST", at(container, "/wait?condition=not-running"), { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },

    /** Also fine for one that does not run or is not there. */
    async kill(container: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
      await answer("POST", at(container, `/kill?signal=${signal}`), { answerMs: 10_000 }).catch(unlessGone);
    },

    /** Also fine for one that is not there, or is being removed. */
    async remove(container: string): Promise<void> {
      await answer("DELETE", at(container, "?force=1&v=1")).catch(unlessGone);
    },

    /** Those with this label; all, without one. */
    list: (label?: string): Promise<Listed[]> => {
      const filters = encodeURIComponent(JSON.stringify(label === undefined ? {} : { label: [label] }));
      return json(Listed, "GET", `/containers/json?all=1&filters=${filters}`);
    },

    async stats(container: string): Promise<ContainerStats> {
      const { cpu_stats, memory_stats } = await json(Stats, "GET", at(container, "/stats?stream=false&one-shot=true"));
      const { inactive_file, total_inactive_file } = memory_stats.stats ?? {};
      return {
        cpuMs: Math.round(cpu_stats.cpu_usage.total_usage / 1e6),
        memoryBytes: Math.max(0, memory_stats.usage - (total_inactive_file ?? inactive_file ?? 0)),
      };
    },

    /** Lines of JSON about the progress; an error in them is not thrown. `auth` is base64url of the credentials. */
    pull: (image: string, tag: string, auth: string | null, signal: AbortSignal): Promise<IncomingMessage> =>
      open("POST", `/images/create?fromImage=${encodeURIComponent(image)}&tag=${encodeURIComponent(tag)}`, {
        signal,
        answerMs: SLOW_ANSWER_MS,
        ...(auth === null ? {} : { headers: { "X-Registry-Auth": auth } }),
      }),

    /** Whether the engine goes on for this long: a stream that tells of nothing breaks when it ends. */
    async stays(forMs: number): Promise<boolean> {
      const signal = AbortSignal.timeout(forMs);
      const nothing = encodeURIComponent(JSON.stringify({ event: ["nothing"] }));
      await answer("GET", `/events?filters=${nothing}`, { signal }).catch(() => undefined);
      return signal.aborted;
    },

    close(): void {
      agent.destroy();
    },
  };
}
