/** Quoting is exact: a shell reads back the words, curl the file names, Python the values. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { pythonLiteral, shellQuote } from "./quoting";

describe("quoting", () => {
  it("makes words that a shell reads back, whatever they hold", () => {
    const texts = fc.sample(fc.string({ unit: "binary" }), 60).filter((text) => !text.includes("\0"));
    const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join("\n");
    const out = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    expect(out.split("\0").slice(0, -1)).toEqual(texts);
  });

  it("makes values that Python reads back", () => {
    const values = fc.sample(fc.jsonValue({ noUnicodeString: true } as never), 40) as JsonValue[];
    const script = `import json\nprint(json.dumps([${values.map(pythonLiteral).join(",")}]))`;
    const out = execFileSync("python3", ["-c", script], { encoding: "utf8" });
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(values)));
  });
});
