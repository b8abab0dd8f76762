import { afterAll, expect, test } from "vitest";
import { ParsingThread } from "./parse-in-worker";

const thread = new ParsingThread();
afterAll(() => thread.close());

const SPEC = {
  pipelineInfo: { name: "hello" },
  schemaVersion: "2.1.0",
  components: { "comp-a": { executorLabel: "exec-a" } },
  deploymentSpec: { executors: { "exec-a": { container: { image: "alpine", command: ["true"] } } } },
  root: { dag: { tasks: { a: { componentRef: { name: "comp-a" }, taskInfo: { name: "a" } } } } },
};

test("a text is parsed in the thread", async () => {
  const outcome = await thread.parse({ fileName: "hello.json", text: JSON.stringify(SPEC) });
  expect(outcome).toMatchObject({ ok: true, graph: { name: "hello", steps: [{ key: "a" }] } });
});

test("many texts at once all get their own answer", async () => {
  const names = Array.from({ length: 20 }, (_, n) => `p${n}`);
  const outcomes = await Promise.all(
    names.map((name) =>
      thread.parse({ fileName: "x.json", text: JSON.stringify({ ...SPEC, pipelineInfo: { name } }) }),
    ),
  );
  expect(outcomes.map((outcome) => outcome.ok && outcome.graph.name)).toEqual(names);
});

test("what is no pipeline is refused and the thread stays", async () => {
  expect(await thread.parse({ fileName: "x.pipeline", text: "\u0089PNG" })).toMatchObject({ ok: false });
  expect(await thread.parse({ fileName: "x.json", text: JSON.stringify(SPEC) })).toMatchObject({ ok: true });
});

test("documents are read in the thread too", async () => {
  expect(await thread.readDocuments("a: 1\n---\nb: 2\n")).toEqual([{ a: 1 }, { b: 2 }]);
  expect(await thread.readDocuments("a: [")).toEqual([]);
});
