/** Reading YAML: values as JSON, places on errors, bombs refused by their bytes, no exception on anything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readYamlDocuments } from "./yaml";
import { MAX_ALIASES } from "./yaml-scan";

function value(text: string): unknown {
  const outcome = readYamlDocuments(text);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

function refusal(text: string): { rule: string; place: string; message: string } {
  const outcome = readYamlDocuments(text);
  const problem = outcome.ok ? undefined : outcome.problems[0];
  if (problem === undefined) throw new Error("accepted");
  return problem;
}

/** Processor time of the best of three tries: what else the machine does is not the reader's work. */
function milliseconds(work: () => void): number {
  const tries = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...tries);
}

describe("values", () => {
  it("reads the core schema and keeps what YAML 1.1 would turn into something else", () => {
    expect(value("a: 1\nb: 1.5\nc: true\nd: null\ne: yes\nf: 2024-01-01\ng: 'on'\nh: 3.0\n")).toEqual([
      { a: 1, b: 1.5, c: true, d: null, e: "yes", f: "2024-01-01", g: "on", h: 3 },
    ]);
  });

  it("reads several documents, a comment-only text and a byte order mark", () => {
    expect(value("a: 1\n---\nb: 2\n---\n")).toEqual([{ a: 1 }, { b: 2 }, null]);
    expect(value("# nothing\n")).toEqual([]);
    expect(value("\ufeffa: 1")).toEqual([{ a: 1 }]);
  });

  it("reads quoted scalars whose lines are indented no further than their parent, as PyYAML and Go do", () => {
    expect(value("command:\n- sh\n- \"one \\\n\\ two\\n\\\nthree\"\n- 'a\n\nb'\n")).toEqual([
      { command: ["sh", "one  two\nthree", "a\nb"] },
    ]);
  });

  it("resolves aliases and merge keys", () => {
    expect(value("a: &x {b: 1, c: 2}\nd: *x\ne: {<<: *x, c: 3}\n")).toEqual([
      { a: { b: 1, c: 2 }, d: { b: 1, c: 2 }, e: { c: 3, b: 1 } },
    ]);
  });

  it("takes brackets, quotes and stars in block scalars as text", () => {
    const source = `${"[".repeat(500)} *a "' \n  deeper: [\n`;
    expect(value(`code: |\n  ${source}next: 1\n`)).toEqual([
      { code: source.replace("\n  deeper", "\ndeeper"), next: 1 },
    ]);
  });
});

describe("refusals", () => {
  it.each([
    ["a: 1\nb: 2\na: 3", "duplicate-key", "line 3, column 1"],
    ["a:\n  __proto__: {x: 1}", "forbidden-key", "line 2, column 3"],
    ["constructor: 1", "forbidden-key", "line 1, column 1"],
    ["a: !!python/object:os.system x", "custom-tag", "line 1, column 30"],
    ["a: !mine {}", "custom-tag", "line 1, column 10"],
    ["a: *nowhere", "unknown-alias", "line 1, column 4"],
    ["a: [1, 2", "syntax", "line 1, column 9"],
    ["a: .inf", "syntax", "line 1, column 4"],
    ["{[a]: 1}", "complex-key", "line 1, column 2"],
  ])("%s → %s at %s", (text, rule, place) => {
    expect(refusal(text)).toMatchObject({ rule, place });
  });

  it("refuses an alias that contains itself", () => {
    expect(refusal("a: &a [*a]").rule).toBe("unknown-alias");
  });

  it("leaves the prototype alone", () => {
    readYamlDocuments("__proto__: {polluted: true}\n");
    readYamlDocuments("a: &m {b: 1}\nc:\n  <<: *m\n  __proto__: {polluted: true}");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("bombs are refused in a moment", () => {
  const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let n = 1; n < 10; n += 1)
    laughs.push(
      `a${n}: &a${n} [${Array(9)
        .fill(`*a${n - 1}`)
        .join(", ")}]`,
    );
  it.each([
    ["a billion laughs", laughs.join("\n"), "too-many-aliases"],
    ["30 MB of aliases", `a: &a x\nb: [${"*a, ".repeat(7_500_000)}]`, "too-many-aliases"],
    ["3 MB of anchors", `a: ${"&a ".repeat(1_000_000)}`, "too-many-aliases"],
    ["3 MB of tags", `a: ${"!x ".repeat(1_000_000)}`, "too-many-aliases"],
    ["flow depth 10,000", "[".repeat(10_000), "too-deep"],
    ["flow maps 10,000", "{a: ".repeat(10_000), "too-deep"],
    ["dashes 10,000", "- ".repeat(10_000), "too-deep"],
    ["indentation 1,000", Array.from({ length: 1_000 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"), "too-deep"],
    ["100 MB in one scalar", `a: ${"x".repeat(100e6)}`, "too-large"],
    ["more than 32 MiB of UTF-8", `a: ${"é".repeat(17 * 1024 * 1024)}`, "too-large"],
    ["a million documents", "---\n".repeat(1_000_000), "too-large"],
  ])("%s", (_, text, rule) => {
    let found = "";
    text.charCodeAt(text.length - 1); // joins the pieces the test made it of, which is not the reader's work
    const spent = milliseconds(() => {
      found = refusal(text).rule;
    });
    expect(found).toBe(rule);
    expect(spent).toBeLessThan(250);
  });

  it("and an anchor that its aliases make large", () => {
    expect(refusal(`a: &a "${"x".repeat(1e6)}"\nb: [${"*a, ".repeat(900)}]`).rule).toBe("too-many-aliases");
  });

  it("counts the aliases it names", () => {
    expect(refusal(`a: &a 1\nb: [${"*a, ".repeat(MAX_ALIASES + 1)}]`).message).toContain(String(MAX_ALIASES));
  });
});

describe("on anything", () => {
  const fragment = fc.constantFrom("- ", "? ", ": ", "a: ", "\n", "  ", "[", "]", "{", "}", ",", "'", '"', "|\n", ">-\n", "&a ", "*a ", "!t ", "<<: ", "---\n", "%YAML 1.1\n", "# c\n", "\\", "\t", "x", "__proto__: ", "\u0000", "\ud800", "\r\n"); // biome-ignore format: one list
  it("answers, never throws", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), (parts) => {
        const outcome = readYamlDocuments(parts.join(""));
        expect(outcome.ok || outcome.problems.length > 0).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void readYamlDocuments(text)));
  });

  it("reads back any JSON value as JSON does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (json) => {
        const text = JSON.stringify(json);
        if (/"(?:__proto__|constructor|prototype|<<)":/.test(text) || /[\ud800-\udfff\u2028\u2029\u0085]/.test(text))
          return;
        expect(value(text)).toEqual([JSON.parse(text)]);
      }),
    );
  });
});
