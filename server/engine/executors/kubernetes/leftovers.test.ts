/** Which pods are removed: our own that nobody follows, when their time is over. */
import { expect, it } from "vitest";
import { isLeftover, type SweepFacts } from "./leftovers";
import type { Pod } from "./pod";

const NOW = 1_000_000;

const pod = (marks: { directory?: string; fence?: string; keepMs?: number } = {}, more: object = {}): Pod => ({
  metadata: {
    name: "p",
    uid: "u",
    resourceVersion: "1",
    labels: { "penstock.dev/fence": marks.fence ?? "fence" },
    annotations: {
      "penstock.dev/directory": marks.directory ?? "/runs/1/2/1",
      "penstock.dev/keep-ms": String(marks.keepMs ?? 0),
    },
    ...more,
  },
});
const facts: SweepFacts = { fenceIn: () => "fence", endedAtMs: () => null, isFollowed: () => false, nowMs: NOW };

it.each<[string, Pod, Partial<SweepFacts>, boolean]>([
  ["nobody follows", pod(), {}, true],
  ["somebody follows", pod(), { isFollowed: () => true }, false],
  ["lies in another data directory", pod({ directory: "/elsewhere/1" }), {}, false],
  ["has another fence than its folder", pod({ fence: "other" }), {}, false],
  ["has no folder any more", pod(), { fenceIn: () => null }, false],
  ["is going already", pod({}, { deletionTimestamp: "2026-01-01T00:00:00Z" }), {}, false],
  ["ended and is kept a while", pod({ keepMs: 10_000 }), { endedAtMs: () => NOW - 9_000 }, false],
  ["was kept long enough", pod({ keepMs: 10_000 }), { endedAtMs: () => NOW - 10_000 }, true],
  ["says nothing of itself", pod({}, { annotations: {} }), {}, false],
])("one that %s: removed %#", (_, subject, changes, isRemoved) => {
  expect(isLeftover(subject, "/runs", { ...facts, ...changes })).toBe(isRemoved);
});
