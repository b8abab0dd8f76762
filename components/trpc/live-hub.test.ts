/** Many tabs, one stream: the leader shares it, another takes over, nothing is missed in between. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ChangeView } from "@/server/domain/views/changes";
import type { StreamEvents } from "./change-stream";
import { type HubPorts, isAbout, LiveHub } from "./live-hub";

interface Stream {
  readonly topics: readonly string[];
  readonly lastEventId: string | null;
  readonly events: StreamEvents;
  isOpen: boolean;
}

/** A browser: tabs with one lock and one channel between them, and a server that remembers its streams. */
function browser() {
  const streams: Stream[] = [];
  const name = `live-${Math.random()}`;
  const hubs: LiveHub[] = [];
  let lock: Promise<void> = Promise.resolve();
  const gaps = { count: 0 };
  const openTab = (): LiveHub => {
    const channel = new BroadcastChannel(name);
    const ports: HubPorts = {
      open: (topics, lastEventId, events) => {
        const stream: Stream = { topics: [...topics].sort(), lastEventId, events, isOpen: true };
        streams.push(stream);
        return () => {
          stream.isOpen = false;
        };
      },
      lead: (whileLeading) => {
        lock = lock.then(whileLeading);
      },
      channel: channel as unknown as HubPorts["channel"] & object,
      onGap: () => {
        gaps.count += 1;
      },
    };
    const hub = new LiveHub(ports);
    hubs.push(hub);
    hub.start();
    return hub;
  };
  const close = () => {
    for (const hub of hubs) hub.stop();
  };
  const open = () => streams.filter((stream) => stream.isOpen);
  return { streams, openTab, open, gaps, close };
}

const change = (subject: string, kind = "moved"): ChangeView => ({ id: 1, topic: "run", subject, kind });

let shut = () => {};
afterEach(() => shut());

const started = () => {
  const made = browser();
  shut = made.close;
  return made;
};

const current = (streams: readonly Stream[]): Stream => {
  const [only] = streams;
  if (!only || streams.length !== 1) throw new Error(`${streams.length} streams are open`);
  return only;
};

describe("the live hub", () => {
  it("opens one stream for all tabs and hands each what it watches", async () => {
    const { openTab, open, streams } = started();
    const [one, other] = [openTab(), openTab()];
    const [seenByOne, seenByOther] = [vi.fn(), vi.fn()];
    one.watch(["run:a"], seenByOne);
    other.watch(["run:b"], seenByOther);
    await vi.waitFor(() => expect(streams.at(-1)?.topics).toEqual(["run:a", "run:b"]));
    const { events } = current(open());
    events.onStart();
    await vi.waitFor(() => expect([one.state(), other.state()]).toEqual(["live", "live"]));
    events.onChange("1", change("b"));
    await vi.waitFor(() => expect(seenByOther).toHaveBeenCalledTimes(1));
    expect(seenByOne).not.toHaveBeenCalled();
  });

  it("goes on from the last change when the leading tab is closed", async () => {
    const { openTab, open } = started();
    const [leader, other] = [openTab(), openTab()];
    const seen = vi.fn();
    other.watch(["runs"], seen);
    await vi.waitFor(() => expect(current(open()).topics).toEqual(["runs"]));
    current(open()).events.onStart();
    current(open()).events.onChange("41", change("a"));
    await vi.waitFor(() => expect(seen).toHaveBeenCalledTimes(1));
    leader.stop();
    await vi.waitFor(() => expect(current(open()).lastEventId).toBe("41"));
  });

  it("opens anew for a topic nobody watched yet, without losing its place", async () => {
    const { openTab, open } = started();
    const hub = openTab();
    hub.watch(["runs"], () => {});
    await vi.waitFor(() => expect(current(open()).topics).toEqual(["runs"]));
    current(open()).events.onChange("7", change("a"));
    hub.watch(["pipelines"], () => {});
    await vi.waitFor(() => expect(current(open()).topics).toEqual(["pipelines", "runs"]));
    expect(current(open()).lastEventId).toBe("7");
  });

  it("has pages read again when changes may have been missed, and only then", async () => {
    const { openTab, open, gaps } = started();
    const hub = openTab();
    const seen = vi.fn();
    hub.watch(["runs"], seen);
    await vi.waitFor(() => expect(open()).toHaveLength(1));
    current(open()).events.onStart();
    expect(gaps.count).toBe(1);
    current(open()).events.onChange("7", change("a"));
    current(open()).events.onStart();
    expect(gaps.count).toBe(1);
    current(open()).events.onChange("9", change("a", "reset"));
    expect(gaps.count).toBe(2);
    expect(seen).toHaveBeenCalledTimes(2);
  });

  it("comes back by itself after the stream ended, and says so meanwhile", async () => {
    const { openTab, streams, open } = started();
    const hub = openTab();
    hub.watch(["runs"], () => {});
    await vi.waitFor(() => expect(open()).toHaveLength(1));
    current(open()).events.onStart();
    current(open()).events.onEnd();
    expect(hub.state()).toBe("reconnecting");
    await vi.waitFor(() => expect(streams).toHaveLength(2), { timeout: 3000 });
    current(open()).events.onStart();
    expect(hub.state()).toBe("live");
  });
});

describe("a topic", () => {
  it.each([
    ["runs", change("a"), true],
    ["run:a", change("a"), true],
    ["run:b", change("a"), false],
    ["pipelines", change("a"), false],
    ["log:3/1", { id: 1, topic: "log", subject: "a", kind: "grew", log: { task: 3, attempt: 1, size: 9 } }, true],
    ["log:3/2", { id: 1, topic: "log", subject: "a", kind: "grew", log: { task: 3, attempt: 1, size: 9 } }, false],
  ] as const)("%s: %j is about it: %s", (topic, given, isIt) => {
    expect(isAbout(topic, given)).toBe(isIt);
  });
});
