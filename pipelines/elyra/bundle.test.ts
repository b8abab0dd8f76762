/** Files and what a `.pipeline` names: needs, Elyra's table of dependencies, the bundle's folder. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileBody } from "../graph";
import { anchorBundle, matchDependencies, resolveNeeds } from "./bundle";
import type { JsonObject } from "./json";
import { joinPath, matchesText, seenFrom } from "./paths";
import { document, graphOf, node } from "./sample-document";

const TREE = [
  "main.ipynb",
  "a.py",
  "b.py",
  "lib/x.py",
  "lib/deep/y.py",
  "data/one.csv",
  "data/sub/two.csv",
  ".git/config",
  "data/.tmp/z.csv",
];

function bodyWith(dependencies: readonly string[], includeSubdirectories: boolean, file = "main.ipynb"): FileBody {
  const parameters = { filename: file, dependencies: [...dependencies], include_subdirectories: includeSubdirectories };
  const body = graphOf(document([node("n", { op: "execute-notebook-node", parameters })])).steps[0]?.body;
  if (body?.body !== "file") throw new Error("no file step");
  return body;
}

describe("matchDependencies", () => {
  const all = TREE.filter((path) => !path.includes("/."));
  it.for<[dependencies: string[], flat: string[] | "error", deep: string[] | "error"]>([
    [[], [], []],
    [
      ["*.py", "a.py"],
      ["a.py", "b.py"],
      ["a.py", "b.py", "lib/deep/y.py", "lib/x.py"],
    ],
    [["data/*.csv"], ["data/one.csv"], ["data/one.csv", "data/sub/two.csv"]],
    [["lib/x.py"], ["lib/x.py"], ["lib/x.py"]],
    [["*"], ["a.py", "b.py"], all.filter((path) => path !== "main.ipynb" && !path.startsWith("."))],
    [["*.csv"], "error", ["data/one.csv", "data/sub/two.csv"]],
    [
      ["?.py", "a.py"],
      ["a.py", "b.py"],
      ["a.py", "b.py"],
    ],
    [["lib"], ["lib/deep/y.py", "lib/x.py"], ["lib/deep/y.py", "lib/x.py"]],
    [["lib/"], ["lib/deep/y.py", "lib/x.py"], ["lib/deep/y.py", "lib/x.py"]],
    [["./lib/../a.py"], ["a.py"], ["a.py"]],
    [["../x.py"], "error", "error"],
    [["*.r"], [], []],
    [["*.r", "a.py"], "error", "error"],
    [["**/*.py"], ["a.py", "b.py", "lib/deep/y.py", "lib/x.py"], ["a.py", "b.py", "lib/deep/y.py", "lib/x.py"]],
    [["nothing.txt"], "error", "error"],
  ])("%j", ([dependencies, flat, deep]) => {
    for (const [subdirectories, expected] of [
      [false, flat],
      [true, deep],
    ] as const) {
      const match = matchDependencies(bodyWith(dependencies, subdirectories), TREE);
      if (expected === "error") expect(match.unmatched).not.toEqual([]);
      else expect(match).toEqual({ files: [...expected, "main.ipynb"].sort(), unmatched: [] });
    }
  });

  it("starts at the folder of the step's file, and may go up", () => {
    const files = ["notebooks/n.ipynb", "notebooks/h.py", "lib/x.py", "../shared/s.csv"];
    const body = bodyWith(["*.py", "../lib", "../../shared/*.csv"], false, "notebooks/n.ipynb");
    expect(matchDependencies(body, files)).toEqual({ files: [...files].sort(), unmatched: [] });
  });

  it("prefers a file whose name looks like a pattern", () => {
    expect(
      matchDependencies(bodyWith(["data[1].csv"], false), ["main.ipynb", "data[1].csv", "data1.csv"]).files,
    ).toEqual(["data[1].csv", "main.ipynb"]);
  });
});

const needsOf = (...nodes: JsonObject[]) => graphOf(document(nodes));

describe("needs", () => {
  it("are relative to the .pipeline, and files made upstream are never missing", () => {
    const graph = needsOf(
      node("make", { parameters: { filename: "sub/make.py", outputs: ["out/t.csv", "../m*.bin"] } }),
      node("other", { parameters: { filename: "other.py", outputs: ["side.csv"] } }),
      node("use", {
        after: ["make"],
        parameters: {
          filename: "../up/use.py",
          dependencies: ["../here/sub/out/t.csv", "side.csv", "d/*.csv", "./d/", "../sub/out/t.csv"],
        },
      }),
    );
    const use = graph.needs.filter((need) => need.step === "use").map((need) => [need.path, need.kind]);
    expect(use).toEqual([
      ["../up/use.py", "file"],
      ["../here/sub/out/t.csv", "file"],
      ["../up/side.csv", "file"],
      ["../up/d/*.csv", "pattern"],
      ["../up/d", "file"],
      ["../sub/out/t.csv", "file"],
    ]);
    const chain = needsOf(
      node("make", { parameters: { outputs: ["out", "t*.csv", "model.bin"] } }),
      node("between", { after: ["make"] }),
      node("use", {
        after: ["between"],
        parameters: { dependencies: ["out/a.csv", "t1.csv", "*.bin", "model.bin", "mine.csv"] },
      }),
    );
    expect(chain.needs.filter((need) => need.kind === "output").map((need) => need.path)).toEqual([
      "out/a.csv",
      "t1.csv",
      "*.bin",
      "model.bin",
    ]);
  });

  it("say what is missing, once each, and what differs only in case", () => {
    const parameters = { dependencies: ["Data/x.csv", "lib/*.py", "gone.txt", "folder"] };
    const graph = needsOf(node("a", { parameters }), node("b", { after: ["a"], parameters }));
    const report = resolveNeeds(graph, ["a.py", "b.py", "data/x.csv", "lib/deep/y.py", "folder/f.txt"]);
    expect(report.missing).toEqual(["Data/x.csv", "lib/*.py", "gone.txt"]);
    expect(report.problems).toMatchObject([{ rule: "case-mismatch", severity: "hint", place: "Data/x.csv" }]);
    expect(report.problems[0]?.message).toContain("data/x.csv");
  });

  it("tolerate a lone *.py without a match", () => {
    expect(
      resolveNeeds(
        needsOf(
          node("a", { op: "execute-notebook-node", parameters: { filename: "a.ipynb", dependencies: ["*.py"] } }),
        ),
        ["a.ipynb"],
      ).missing,
    ).toEqual([]);
  });
});

describe("anchorBundle", () => {
  const graph = needsOf(
    node("a", { parameters: { filename: "../scripts/setup.py" } }),
    node("b", { after: ["a"], parameters: { filename: "train.py", dependencies: ["data/t.csv"] } }),
  );
  const entries = (anchored: ReturnType<typeof anchorBundle>) => Object.fromEntries(anchored.files);

  it("begins at the nearest folder that holds everything named", () => {
    const files = [
      "home/project/pipelines/p.pipeline",
      "home/project/pipelines/train.py",
      "home/project/scripts/setup.py",
      "home/project/pipelines/data/t.csv",
      "home/unrelated.bin",
    ];
    const anchored = anchorBundle(graph, "home/project/pipelines/p.pipeline", files);
    expect(anchored).toMatchObject({
      root: "home/project",
      pipelineAt: "pipelines/p.pipeline",
      placed: [],
      leftOut: ["home/unrelated.bin"],
    });
    expect(entries(anchored)).toEqual({
      "home/project/pipelines/p.pipeline": "pipelines/p.pipeline",
      "home/project/pipelines/train.py": "pipelines/train.py",
      "home/project/pipelines/data/t.csv": "pipelines/data/t.csv",
      "home/project/scripts/setup.py": "scripts/setup.py",
    });
    const seen = [...anchored.files.values()].map((path) => seenFrom("pipelines", path));
    expect(resolveNeeds(graph, seen).missing).toEqual([]);
  });

  it("never lies above the folder given", () => {
    const anchored = anchorBundle(graph, "p.pipeline", ["p.pipeline", "train.py", "data/t.csv"]);
    expect(anchored).toMatchObject({ root: "", pipelineAt: "p.pipeline", placed: [] });
    expect(anchored.files.get("data/t.csv")).toBe("data/t.csv");
  });

  it("puts a loose file where one missing name alone ends in its name, even above the .pipeline", () => {
    const anchored = anchorBundle(graph, "p.pipeline", ["p.pipeline", "train.py", "t.csv", "setup.py", "notes.md"]);
    expect(anchored.pipelineAt).toBe("pipeline/p.pipeline");
    expect(entries(anchored)).toEqual({
      "p.pipeline": "pipeline/p.pipeline",
      "train.py": "pipeline/train.py",
      "t.csv": "pipeline/data/t.csv",
      "setup.py": "scripts/setup.py",
      "notes.md": "pipeline/notes.md",
    });
    expect(anchored.placed).toEqual([
      { from: "t.csv", to: "pipeline/data/t.csv" },
      { from: "setup.py", to: "scripts/setup.py" },
    ]);
  });

  it("leaves a loose file alone where two missing names end in its name", () => {
    const twice = needsOf(
      node("a", { parameters: { filename: "one/x.py" } }),
      node("b", { parameters: { filename: "two/x.py" } }),
    );
    expect(anchorBundle(twice, "p.pipeline", ["p.pipeline", "x.py"]).placed).toEqual([]);
  });

  it("takes nothing that climbs out", () => {
    expect(anchorBundle(graph, "p.pipeline", ["p.pipeline", "../../etc/passwd", "/etc/passwd"]).leftOut).toEqual([
      "../../etc/passwd",
      "/etc/passwd",
    ]);
  });
});

describe("paths", () => {
  const segment = fc.constantFrom("a", "b", "c.py", "..", ".", "");
  const path = fc.array(segment, { maxLength: 6 }).map((segments) => segments.join("/"));

  it("normalise to a fixed point, and seenFrom is the way back of joinPath", () => {
    fc.assert(
      fc.property(path, path, (folder, file) => {
        const base = joinPath("", folder.replaceAll("..", "a"));
        const joined = base === null ? null : joinPath(base, file);
        if (base === null || joined === null || joined === "" || joined.startsWith("..")) return;
        expect(joinPath("", joined)).toBe(joined);
        expect(joinPath(base, seenFrom(base, joined))).toBe(joined);
      }),
    );
  });

  const meanings = new Map([
    ["*", ".*"],
    ["?", "."],
    [".", "\\."],
    ["[!a]", "[^a]"],
  ]);

  it("match as a regular expression of the same meaning would", () => {
    const token = fc.constantFrom("*", "?", "a", "b", ".", "[ab]", "[!a]");
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 6 }),
        fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 }),
        (tokens, text) => {
          const source = tokens.map((one) => meanings.get(one) ?? one).join("");
          expect(matchesText(tokens.join(""), text)).toBe(new RegExp(`^${source}$`, "s").test(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("match in time that grows with the lengths only", () => {
    const began = performance.now();
    expect(matchesText("*a".repeat(2_000), `${"a".repeat(4_000)}b`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
