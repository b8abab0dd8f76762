/** The snippets are real: a shell reads back the words, Python reads back the values. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { pythonLiteral, runSnippets, shellQuote } from "./snippets";

describe("snippets", () => {
  it("quote any text so that a shell reads it back", () => {
    const texts = fc.sample(fc.string({ unit: "binary" }), 60).filter((text) => !text.includes("\0"));
    const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join("\n");
    const out = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    expect(out.split("\0").slice(0, -1)).toEqual(texts);
  });

  it("write values that Python reads back", () => {
    const values = fc.sample(fc.jsonValue({ noUnicodeString: true } as never), 40) as JsonValue[];
    const script = `import json\nprint(json.dumps([${values.map(pythonLiteral).join(",")}]))`;
    const out = execFileSync("python3", ["-c", script], { encoding: "utf8" });
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(values)));
  });

  it("carry every chosen value", () => {
    const snippets = runSnippets({
      origin: "http://localhost:4270",
      name: "it's a run",
      pipelineId: "p1",
      versionId: "v1",
      experimentId: "e1",
      experimentName: "nightly",
      specFile: "churn.pipeline",
      parameters: { lr: 0.1, tags: ["a"] },
    });
    expect(snippets.map((snippet) => snippet.label)).toEqual(["curl", "Python", "Command"]);
    for (const { text } of snippets) expect(text).toContain("lr");
    expect(snippets[2]?.text).toContain("--param 'tags=[\"a\"]'");
    expect(snippets[0]?.text).toContain("it'\\''s a run");
  });
});
