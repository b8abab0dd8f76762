/** Reads parts of an attempt's log over HTTP by byte range. */

export interface LogPart {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Size of the whole log when it was read. */
  readonly size: number;
}

export interface LogSource {
  /** The last bytes, at most `count`; null when there is no log. */
  readonly readEnd: (count: number, signal: AbortSignal) => Promise<LogPart | null>;
  /** Bytes from `from` up to but without `to`; null when there is no log. */
  readonly read: (from: number, to: number, signal: AbortSignal) => Promise<LogPart | null>;
  /** How long the log is; null when there is none. Asking never counts as an error, unlike a range beyond the end. */
  readonly size: (signal: AbortSignal) => Promise<number | null>;
  /** The log from its beginning in pieces as they come. */
  readonly stream: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

export const logUrl = (task: number, attempt: number): string => `/api/tasks/${task}/attempts/${attempt}/log`;

/** `bytes 5-9/100`, `bytes *\/100` → place and size. */
export function parseContentRange(header: string | null): { readonly offset: number; readonly size: number } | null {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(header ?? "");
  return match === null ? null : { offset: Number(match[1] ?? match[2]), size: Number(match[2]) };
}

async function readRange(url: string, range: string, signal: AbortSignal): Promise<LogPart | null> {
  const response = await fetch(url, { headers: { Range: range }, signal, cache: "no-store" });
  if (response.status === 404) return null;
  const place = parseContentRange(response.headers.get("Content-Range"));
  if (response.status === 416) {
    const size = place?.size ?? 0;
    return { offset: size, bytes: new Uint8Array(), size };
  }
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status === 206 && place !== null) return { offset: place.offset, bytes, size: place.size };
  return { offset: 0, bytes, size: bytes.length };
}

async function readSize(url: string, signal: AbortSignal): Promise<number | null> {
  const response = await fetch(url, { method: "HEAD", signal, cache: "no-store" });
  const length = response.headers.get("Content-Length");
  return response.ok && length !== null ? Number(length) : null;
}

async function* readBody(url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await fetch(url, { signal, cache: "no-store" });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The log of one attempt. */
export function httpLogSource(task: number, attempt: number): LogSource {
  const url = logUrl(task, attempt);
  return {
    readEnd: (count, signal) => readRange(url, `bytes=-${count}`, signal),
    read: (from, to, signal) => readRange(url, `bytes=${from}-${to - 1}`, signal),
    size: (signal) => readSize(url, signal),
    stream: (signal) => readBody(url, signal),
  };
}
