/** The front door tells the formats apart by content, then by name, and says what else a file is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePipeline } from "./index";

const png = new TextDecoder().decode(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0]));

describe("parsePipeline", () => {
  it.each([
    ["a.yaml", "pipelineInfo: {name: a}", "kfp"],
    ["a.pipeline", "{}", "elyra"],
    ["a.ipynb", "{}", "notebook"],
    ["a.json", '{"doc_type": "pipeline"}', "elyra"],
    ["a.json", '{"pipelines": []}', "elyra"],
    ["a.json", '{"nbformat": 4, "cells": []}', "notebook"],
    ["a.json", '{"pipelineSpec": {}}', "kfp"],
    ["a.pipeline", '{"pipelineInfo": {"name": "a"}}', "kfp"],
    ["a.json", "\ufeff {broken", "kfp"],
    ["", "anything: 1", "kfp"],
  ])("%s %j is read as %s", (fileName, text, format) => {
    expect(parsePipeline({ fileName, text }).format).toBe(format);
  });

  it.each([
    ["a.pipeline", png, "not-a-pipeline", "PNG image"],
    ["a.yaml", png, "not-a-pipeline", "PNG image"],
    ["a.zip", "PK\u0003\u0004", "not-a-pipeline", "zip archive"],
    ["a.yaml", "  \n", "no-pipeline", "empty"],
    ["a.pipeline", `${"x".repeat(40e6)}`, "too-large", "32 MiB"],
    ["train.py", "from kfp import dsl\n@dsl.pipeline\ndef p():\n  pass", "python-source", "kfp dsl compile"],
    ["dag.py", "from airflow import DAG\nwith DAG('a'):\n  pass", "airflow-source", "Airflow DAG"],
    ["renamed.yaml", "from airflow import DAG\nwith DAG('a') as d:\n  pass", "airflow-source", "Airflow DAG"],
    ["train.py", "print(1)", "source-code", "script"],
  ])("%s is refused as %#", (fileName, text, rule, words) => {
    const outcome = parsePipeline({ fileName, text });
    expect(outcome).toMatchObject({
      ok: false,
      format: null,
      problems: [{ rule, severity: "error", stage: "upload" }],
    });
    expect(outcome.problems[0]?.message).toContain(words);
  });

  it("answers on any text under any name", () => {
    const name = fc.constantFrom("a.yaml", "a.json", "a.pipeline", "a.ipynb", "a.py", "");
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.constantFrom('{"pipelines": [1]}', '{"nbformat": 4, "cells": [1]}'),
    );
    fc.assert(
      fc.property(name, text, (fileName, content) => {
        const outcome = parsePipeline({ fileName, text: content });
        expect(outcome.ok || outcome.problems.length > 0).toBe(true);
      }),
    );
  });
});
