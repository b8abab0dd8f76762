/** Topics of the change stream: which changes each one wants. */
import type { ChangeView } from "@/server/domain/views/changes";

export interface LogTopic {
  readonly task: number;
  readonly attempt: number;
}

export interface Topics {
  readonly wants: (change: ChangeView) => boolean;
  readonly logs: readonly LogTopic[];
}

const NOUNS: { readonly [topic: string]: ChangeView["topic"] } = {
  runs: "run",
  pipelines: "pipeline",
  experiments: "experiment",
  "recurring-runs": "recurring-run",
  system: "system",
};

/** Reads topics that `WatchChangesInput` has let through. */
export function readTopics(topics: readonly string[]): Topics {
  const nouns = new Set<ChangeView["topic"]>();
  const runs = new Set<string>();
  const logs: LogTopic[] = [];
  for (const topic of topics) {
    const [kind, rest = ""] = topic.split(":");
    const noun = NOUNS[topic];
    if (noun !== undefined) nouns.add(noun);
    else if (kind === "run") runs.add(rest);
    else if (kind === "log") {
      const [task, attempt] = rest.split("/").map(Number);
      if (task !== undefined && attempt !== undefined) logs.push({ task, attempt });
    }
  }
  return {
    wants: ({ topic, subject }) => nouns.has(topic) || (topic === "run" && subject !== null && runs.has(subject)),
    logs,
  };
}
