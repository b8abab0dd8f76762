/** Opens the stream of changes in a browser; one that falls silent or breaks is over, and whoever opened it begins anew. */
import type { ChangeView } from "@/server/domain/views/changes";

/** The server sends something every 15 seconds. */
const SILENT_MS = 40_000;

export interface StreamEvents {
  readonly onStart: () => void;
  readonly onChange: (id: string, change: ChangeView) => void;
  /** The stream is over, by an error, by silence or by the server; it does not come back by itself. */
  readonly onEnd: () => void;
}

/** Opens the stream after `lastEventId` and gives the way to close it. */
export function openChanges(topics: readonly string[], lastEventId: string | null, events: StreamEvents): () => void {
  const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  if (lastEventId !== null) query.set("lastEventId", lastEventId);
  const source = new EventSource(`/api/changes?${query}`);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(silence);
    source.close();
  };
  const end = () => {
    close();
    events.onEnd();
  };
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(end, SILENT_MS);
  };
  source.addEventListener("open", () => {
    heard();
    events.onStart();
  });
  source.addEventListener("message", ({ data, lastEventId: id }) => {
    heard();
    events.onChange(id, JSON.parse(data));
  });
  source.addEventListener("ping", heard);
  source.addEventListener("error", end);
  heard();
  return close;
}
