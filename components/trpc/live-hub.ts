/** One stream of changes per browser: the tab that holds the lock reads it and shares it with the others. */
import type { ChangeView } from "@/server/domain/views/changes";
import type { StreamEvents } from "./change-stream";

export type LiveState = "connecting" | "live" | "reconnecting";

interface Watch {
  readonly topics: readonly string[];
  readonly handler: (change: ChangeView) => void;
}

export interface HubPorts {
  /** Opens the stream and gives the way to close it. */
  readonly open: (topics: readonly string[], lastEventId: string | null, events: StreamEvents) => () => void;
  /** Calls back once this tab leads; the promise it gets back ends the lead. Null where tabs cannot agree. */
  readonly lead: ((whileLeading: () => Promise<void>) => void) | null;
  readonly channel: Pick<BroadcastChannel, "postMessage" | "addEventListener" | "close"> | null;
  /** Changes may have been missed: what is on screen has to be read again. */
  readonly onGap: () => void;
}

type Message =
  | { readonly type: "topics"; readonly tab: string; readonly topics: readonly string[] }
  | { readonly type: "leave"; readonly tab: string }
  | { readonly type: "ask" }
  | { readonly type: "state"; readonly state: LiveState }
  | { readonly type: "gap" }
  | { readonly type: "change"; readonly id: string; readonly change: ChangeView };

/** Whether a change belongs to a topic a page watches. */
export function isAbout(topic: string, change: ChangeView): boolean {
  if (topic === "runs") return change.topic === "run";
  if (topic === "pipelines") return change.topic === "pipeline";
  if (topic === "experiments") return change.topic === "experiment";
  if (topic === "system") return change.topic === "system";
  if (topic.startsWith("run:")) return change.topic === "run" && change.subject === topic.slice(4);
  if (change.topic !== "log" || !change.log) return false;
  return topic === `log:${change.log.task}/${change.log.attempt}`;
}

const ANNOUNCE_MS = 20_000;
/** Browsers let hidden tabs run a timer once a minute; a tab silent for longer than two is gone. */
const FORGET_MS = 150_000;
const REOPEN_MS = [300, 1000, 2000, 5000] as const;

export class LiveHub {
  readonly #ports: HubPorts;
  readonly #tab = Math.random().toString(36).slice(2);
  readonly #watches = new Set<Watch>();
  readonly #stateListeners = new Set<() => void>();
  readonly #others = new Map<string, { topics: readonly string[]; heardAt: number }>();
  #state: LiveState = "connecting";
  #lastEventId: string | null = null;
  #isLeader = false;
  #streamed: ReadonlySet<string> = new Set();
  #closeStream: (() => void) | null = null;
  #reopenTimer: ReturnType<typeof setTimeout> | undefined;
  #announceTimer: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  #stopLeading: (() => void) | null = null;
  #stopped = false;

  constructor(ports: HubPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#stopped = false;
    this.#ports.channel?.addEventListener("message", (event) => this.#hear((event as MessageEvent<Message>).data));
    this.#announceTimer = setInterval(() => this.#announce(), ANNOUNCE_MS);
    this.#announce();
    if (this.#ports.lead === null || this.#ports.channel === null) {
      this.#isLeader = true;
      this.#reopenSoon(0);
      return;
    }
    this.#ports.lead(
      () =>
        new Promise((resolve) => {
          if (this.#stopped) return resolve();
          this.#stopLeading = resolve;
          this.#isLeader = true;
          this.#tell({ type: "ask" });
          this.#reopenSoon(50);
        }),
    );
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#announceTimer);
    clearTimeout(this.#reopenTimer);
    this.#tell({ type: "leave", tab: this.#tab });
    this.#closeStream?.();
    this.#stopLeading?.();
    this.#ports.channel?.close();
  }

  /** Calls the handler for every change of these topics, and for every `reset`. Gives the way to stop. */
  watch(topics: readonly string[], handler: (change: ChangeView) => void): () => void {
    const watch = { topics, handler };
    this.#watches.add(watch);
    this.#announce();
    return () => {
      this.#watches.delete(watch);
    };
  }

  readonly state = (): LiveState => this.#state;

  readonly onState = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  #ownTopics(): string[] {
    return [...new Set([...this.#watches].flatMap((watch) => watch.topics))].sort();
  }

  #announce(): void {
    if (this.#isLeader) this.#widen();
    else this.#tell({ type: "topics", tab: this.#tab, topics: this.#ownTopics() });
  }

  #tell(message: Message): void {
    if (!this.#stopped || message.type === "leave") this.#ports.channel?.postMessage(message);
  }

  #hear(message: Message): void {
    switch (message.type) {
      case "ask":
        this.#tell({ type: "topics", tab: this.#tab, topics: this.#ownTopics() });
        return;
      case "topics":
        if (!this.#isLeader) return;
        if (!this.#others.has(message.tab)) this.#tell({ type: "state", state: this.#state });
        this.#others.set(message.tab, { topics: message.topics, heardAt: Date.now() });
        this.#widen();
        return;
      case "leave":
        this.#others.delete(message.tab);
        return;
      case "state":
        this.#setState(message.state);
        return;
      case "gap":
        this.#ports.onGap();
        return;
      case "change":
        this.#lastEventId = message.id;
        this.#deliver(message.change);
    }
  }

  #wanted(): Set<string> {
    for (const [tab, other] of this.#others) {
      if (Date.now() - other.heardAt > FORGET_MS) this.#others.delete(tab);
    }
    return new Set([...this.#ownTopics(), ...[...this.#others.values()].flatMap((other) => other.topics)]);
  }

  /** Opens the stream anew only when someone wants a topic it does not carry; the last id closes the gap. */
  #widen(): void {
    if (![...this.#wanted()].every((topic) => this.#streamed.has(topic))) this.#reopenSoon(30);
  }

  #reopenSoon(afterMs: number): void {
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = setTimeout(() => this.#open(), afterMs);
  }

  #open(): void {
    const topics = [...this.#wanted()];
    if (this.#stopped || topics.length === 0) return;
    this.#closeStream?.();
    this.#streamed = new Set(topics);
    let isCurrent = true;
    let mayHaveMissed = this.#lastEventId === null;
    const close = this.#ports.open(topics, this.#lastEventId, {
      onStart: () => {
        if (!isCurrent) return;
        this.#failures = 0;
        this.#share("live");
        if (!mayHaveMissed) return;
        this.#tell({ type: "gap" });
        this.#ports.onGap();
      },
      onChange: (id, change) => {
        if (!isCurrent) return;
        this.#lastEventId = id;
        mayHaveMissed = false;
        this.#tell({ type: "change", id, change });
        this.#deliver(change);
      },
      onEnd: () => {
        if (!isCurrent) return;
        if (this.#state === "live") this.#share("reconnecting");
        this.#reopenSoon(REOPEN_MS[Math.min(this.#failures, REOPEN_MS.length - 1)] ?? 5000);
        this.#failures += 1;
      },
    });
    this.#closeStream = () => {
      isCurrent = false;
      close();
    };
  }

  #share(state: LiveState): void {
    this.#setState(state);
    this.#tell({ type: "state", state });
  }

  #setState(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }

  #deliver(change: ChangeView): void {
    if (change.kind === "reset") this.#ports.onGap();
    for (const watch of this.#watches) {
      if (change.kind === "reset" || watch.topics.some((topic) => isAbout(topic, change))) watch.handler(change);
    }
  }
}
