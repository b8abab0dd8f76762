/** The change feed of one process: follows commits of every process and hands each change to all who listen. */
import type { Db } from "@/db/client";
import { watchDatabase } from "@/db/queries/engine/watch";
import { eventSpan, eventsAfter } from "@/db/queries/events";
import type { ChangeView } from "@/server/domain/views/changes";
import type { DataDir } from "@/server/platform/data-dir";
import type { Log } from "@/server/platform/log";

const POLL_MS = 8;
const BATCH = 500;

export type Listener = (change: ChangeView) => void;

/** Polls only while someone listens; every listener sees every event after the one it began at, in order. */
export class ChangeFeed {
  private readonly listeners = new Set<Listener>();
  private watch: ReturnType<typeof watchDatabase> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private last = 0;

  constructor(
    private readonly db: Db,
    readonly dataDir: DataDir,
    private readonly log: Pick<Log, "error">,
  ) {}

  /** Newest event that listeners have been given. */
  get position(): number {
    return this.last;
  }

  /** How many listen now. */
  get followers(): number {
    return this.listeners.size;
  }

  /** Hands every later event to `listener`, until the returned function is called. */
  listen(listener: Listener): () => void {
    if (this.listeners.size === 0) this.start();
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  }

  /** Lets go of the database. */
  close(): void {
    this.listeners.clear();
    this.stop();
  }

  private start(): void {
    this.watch = watchDatabase(this.db.$client.name);
    this.last = eventSpan(this.db).newest;
    this.timer = setInterval(() => this.poll(), POLL_MS);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.watch?.close();
    this.watch = null;
  }

  private poll(): void {
    try {
      if (this.watch?.hasChanged()) this.read();
    } catch (error) {
      this.log.error({ err: error }, "the change feed could not be read");
    }
  }

  private read(): void {
    for (;;) {
      const changes = eventsAfter(this.db, this.last, BATCH);
      for (const change of changes) {
        this.last = change.id;
        for (const listener of this.listeners) listener(change);
      }
      if (changes.length < BATCH) return;
    }
  }
}
