/** Waits for changes of the server by its stream, so that a command reacts at once and asks no more than needed. */
import type { ChangeView } from "@/server/domain/views/changes";
import type { Connection } from "./connection";

/** How long a quiet or broken stream is trusted before the server is asked again. */
const PATIENCE_MS = 2_000;

async function* changesIn(response: Response): AsyncGenerator<ChangeView> {
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data: ") && line.includes('"topic"')) yield JSON.parse(line.slice("data: ".length));
    }
  }
}

/** Rings at every change that is heard; now and then by itself too, in case the stream is broken. */
export class Bell {
  private readonly stop = new AbortController();
  private hasRung = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly topics: readonly string[],
    private readonly hears: (change: ChangeView) => boolean = () => true,
  ) {
    this.listen().catch(() => undefined);
  }

  /** Resolves at the next change, at once when there was one since the last call. */
  async next(): Promise<void> {
    if (!this.hasRung) {
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, PATIENCE_MS);
        this.wake = () => {
          clearTimeout(timer);
          resume();
        };
      });
    }
    this.hasRung = false;
    this.wake = undefined;
  }

  close(): void {
    this.stop.abort();
    this.wake?.();
  }

  private async listen(): Promise<void> {
    const { signal } = this.stop;
    const query = new URLSearchParams(this.topics.map((topic) => ["topic", topic]));
    while (!signal.aborted) {
      try {
        const headers = { accept: "text/event-stream" };
        const response = await this.connection.get(`/api/changes?${query}`, { headers, signal });
        for await (const change of changesIn(response)) {
          if (!this.hears(change)) continue;
          this.hasRung = true;
          this.wake?.();
        }
      } catch {
        // The server may be restarting; the caller finds out when it asks.
      }
      await new Promise((resume) => setTimeout(resume, signal.aborted ? 0 : PATIENCE_MS / 2));
    }
  }
}
