import { expect, test } from "vitest";
import { cacheHit, missWords } from "./words";

const values = (input: string) => (input === "lr" ? { before: 0.1, now: 0.2 } : { before: undefined, now: undefined });

test.each([
  [null, "The step has never run before."],
  [["input lr"], 'Input "lr" changed from 0.1 to 0.2.'],
  [["command"], "Its command changed."],
  [["image", "input x"], 'Its image changed; input "x" changed.'],
  [["environment TOKEN"], "The variable TOKEN changed."],
  [["artifact data"], 'The content of input "data" changed.'],
  [["file a/n.ipynb", "upstream d.csv"], "The file a/n.ipynb changed; the file d.csv of an earlier step changed."],
  [["a", "b", "c", "d", "e"], "Its a changed; its b changed; its c changed; 2 more parts changed."],
  [["gone model"], 'The earlier result cannot be reused: its artifact "model" is gone.'],
])("a miss after %j is explained", (changed, words) => {
  expect(missWords(changed, values)).toBe(words);
});

test("a result that failed or was forgotten is told from a change", () => {
  expect(missWords([])).toContain("it failed, was forgotten");
});

test("a hit names the run it was taken from", () => {
  expect(cacheHit({ taskKey: 7, taskPath: "train", runId: "r", runName: "Monday" })).toEqual({
    code: "cache-hit",
    message: 'Nothing changed since the run "Monday", whose result is used.',
    subject: { run: "r", task: 7, step: "train" },
  });
});
