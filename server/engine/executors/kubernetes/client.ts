/** Speaks to the API server of a cluster: the few requests that pods need, and an error that says what may be asked again. */
import { Agent as HttpAgent, type IncomingMessage, request as plainRequest } from "node:http";
import { Agent, request as tlsRequest } from "node:https";
import { StringDecoder } from "node:string_decoder";
import type { JsonValue } from "@/pipelines/graph";
import { credentialsOf } from "./credentials";
import type { ClusterAccess } from "./kubeconfig";
import type { KubeEvent, Pod, WatchEvent } from "./pod";

const ANSWER_MS = 20_000;
/** The server ends a watch by itself before; one that says nothing at all for longer is broken. */
const WATCH_SECONDS = 240;
const SILENCE_MS = (WATCH_SECONDS + 30) * 1_000;
const LARGEST_ANSWER = 64 * 2 ** 20;

/** The cluster does not answer, or the connection broke. */
export class ApiGone extends Error {
  override readonly name = "ApiGone";
}

/** The cluster answered with a refusal. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    /** A word of Kubernetes: NotFound, AlreadyExists, Expired … */
    readonly reason: string,
    message: string,
    readonly retryAfterMs: number | null,
  ) {
    super(message);
  }
}

export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** Whether the same request may succeed later, and how long the server asks to wait; null where it never will. */
export function waitOf(error: unknown): { readonly leastMs: number } | null {
  if (error instanceof ApiGone) return { leastMs: 0 };
  if (!(error instanceof ApiError)) return null;
  const isPassing = error.status === 429 || error.status >= 500 || error.reason === "Timeout";
  return isPassing ? { leastMs: error.retryAfterMs ?? 0 } : null;
}

interface Ask {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly query?: { readonly [name: string]: string };
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** Without a word for this long it is broken. */
  readonly silenceMs?: number;
}

export interface PodList {
  readonly items: readonly Pod[];
  readonly resourceVersion: string;
}

export interface KubeClient {
  readonly server: string;
  readonly namespace: string;
  createPod(body: object): Promise<Pod>;
  getPod(name: string): Promise<Pod>;
  listPods(selector: string): Promise<PodList>;
  /** What changes after a version; ends when the server ends it. */
  watchPods(selector: string, resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Never a pod of another uid. */
  deletePod(name: string, uid: string, graceSeconds: number): Promise<void>;
  podEvents(name: string): Promise<readonly KubeEvent[]>;
  podLog(name: string, isFollowed: boolean, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): void;
}

/** Makes a client; nothing is sent before it is asked. */
export function kubeClient(access: ClusterAccess): KubeClient {
  const isTls = access.server.startsWith("https:");
  const agent = isTls ? new Agent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const credentials = credentialsOf(access);
  const pods = `/api/v1/namespaces/${encodeURIComponent(access.namespace)}/pods`;

  const open = async (path: string, ask: Ask): Promise<IncomingMessage> => {
    const { authorization, certificate } = await credentials.current();
    const url = new URL(access.server + path);
    for (const [name, value] of Object.entries(ask.query ?? {})) url.searchParams.set(name, value);
    const text = ask.body === undefined ? null : JSON.stringify(ask.body);
    const options = {
      agent,
      method: ask.method ?? "GET",
      timeout: ask.silenceMs ?? ANSWER_MS,
      headers: {
        Accept: "application/json",
        ...(authorization !== null && { Authorization: authorization }),
        ...(text !== null && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }),
      },
      ...(ask.signal !== undefined && { signal: ask.signal }),
      ...(isTls && {
        rejectUnauthorized: !access.isUnverified,
        ...(access.ca !== null && { ca: access.ca }),
        ...(access.serverName !== null && { servername: access.serverName }),
        ...certificate,
      }),
    };
    return new Promise((resolve, reject) => {
      const gone = (why: string) => reject(new ApiGone(`${access.server} does not answer: ${why}`));
      const sent = (isTls ? tlsRequest : plainRequest)(url, options, resolve);
      sent.on("error", (error) => gone(error.message));
      sent.on("timeout", () => sent.destroy(new Error("nothing was heard for too long")));
      sent.end(text ?? undefined);
    });
  };

  const textOf = async (response: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > LARGEST_ANSWER) throw new Error("the answer is too large");
        chunks.push(chunk);
      }
    } catch (error) {
      throw new ApiGone(`the connection to ${access.server} broke: ${(error as Error).message}`);
    }
    return Buffer.concat(chunks).toString("utf8");
  };

  const accepted = async (response: IncomingMessage): Promise<IncomingMessage> => {
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    if (status === 401) credentials.forget();
    throw refusal(status, await textOf(response), response.headers["retry-after"]);
  };

  const call = async <T>(path: string, ask: Ask = {}): Promise<T> =>
    JSON.parse(await textOf(await accepted(await open(path, ask)))) as T;

  const chunksOf = async function* (response: IncomingMessage): AsyncIterable<Buffer> {
    try {
      yield* response as AsyncIterable<Buffer>;
    } catch (error) {
      throw new ApiGone(`the connection to ${access.server} broke: ${(error as Error).message}`);
    }
  };

  const at = (name: string): string => `${pods}/${encodeURIComponent(name)}`;

  return {
    server: access.server,
    namespace: access.namespace,
    createPod: (body) => call<Pod>(pods, { method: "POST", body }),
    getPod: (name) => call<Pod>(at(name)),

    async listPods(selector) {
      const list = await call<{ metadata: { resourceVersion: string }; items: Pod[] }>(pods, {
        query: { labelSelector: selector },
      });
      return { items: list.items, resourceVersion: list.metadata.resourceVersion };
    },

    async *watchPods(selector, resourceVersion, signal) {
      const query = {
        watch: "1",
        labelSelector: selector,
        resourceVersion,
        allowWatchBookmarks: "true",
        timeoutSeconds: String(WATCH_SECONDS),
      };
      const response = await accepted(await open(pods, { query, signal, silenceMs: SILENCE_MS }));
      let rest = "";
      const decoder = new StringDecoder("utf8");
      for await (const chunk of chunksOf(response)) {
        const lines = (rest + decoder.write(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") yield JSON.parse(line) as WatchEvent;
      }
    },

    async deletePod(name, uid, graceSeconds) {
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        gracePeriodSeconds: graceSeconds,
        preconditions: { uid },
      };
      await call(at(name), { method: "DELETE", body });
    },

    async podEvents(name) {
      const path = `/api/v1/namespaces/${encodeURIComponent(access.namespace)}/events`;
      const query = { fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}`, limit: "50" };
      return (await call<{ items: KubeEvent[] }>(path, { query })).items;
    },

    async podLog(name, isFollowed, signal) {
      const query = { container: "main", ...(isFollowed && { follow: "true" }) };
      // A step may say nothing for days.
      const response = await accepted(await open(`${at(name)}/log`, { query, signal, silenceMs: 0 }));
      return chunksOf(response);
    },

    close: () => agent.destroy(),
  };
}

function refusal(status: number, text: string, retryAfter: string | undefined): ApiError {
  let told: { readonly [key: string]: JsonValue } = {};
  try {
    told = JSON.parse(text);
  } catch {
    // A proxy answers in its own words.
  }
  const message = typeof told.message === "string" ? told.message : text.slice(0, 300).trim() || `status ${status}`;
  const seconds = Number(retryAfter);
  const retryAfterMs = retryAfter !== undefined && seconds >= 0 ? seconds * 1_000 : null;
  return new ApiError(status, typeof told.reason === "string" ? told.reason : "", message, retryAfterMs);
}
