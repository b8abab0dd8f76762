/** Every shape of the lightweight Python wrapper that SDKs have written, and scripts that only look like one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseKfp } from "@/pipelines/kfp";
import { unwrapPython } from "./python-wrapper";

const check =
  'if ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip\nfi\n';
const pip = "python3 -m pip install --quiet --no-warn-script-location";
const kfp = `'kfp==2.15.2' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"'`;
const kfpWords = ["kfp==2.15.2", "--no-deps", 'typing-extensions>=3.7.4,<5; python_version<"3.9"'];
const quiet = ["--quiet", "--no-warn-script-location"];
const off = "PIP_DISABLE_PIP_VERSION_CHECK=1";
const source = [
  "sh",
  "-ec",
  'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path "$program_path/ephemeral_component.py" "$@"\n',
  "def f(): pass",
];
const args = ["--executor_input", "{{$}}", "--function_to_execute", "f"];
const wrapped = (script: string) => unwrapPython(["sh", "-c", script, ...source], args);

describe("shapes", () => {
  it.each<[string, string, string[][], boolean]>([
    ["plain", `\n${check}\n${off} ${pip} ${kfp} && "$0" "$@"\n`, [[...quiet, ...kfpWords]], false],
    [
      "packages",
      `\n${check}\n${off} ${pip} 'a==1' "b; python_version<'3.9'"  &&  ${pip} ${kfp} && "$0" "$@"\n`,
      [
        [...quiet, "a==1", "b; python_version<'3.9'"],
        [...quiet, ...kfpWords],
      ],
      false,
    ],
    [
      "indexes",
      `\n${check}\n${off} ${pip} --index-url https://a.example/simple --extra-index-url https://b.example/s --trusted-host a.example 'x' && "$0" "$@"\n`,
      [
        [
          ...quiet,
          "--index-url",
          "https://a.example/simple",
          "--extra-index-url",
          "https://b.example/s",
          "--trusted-host",
          "a.example",
          "x",
        ],
      ],
      false,
    ],
    [
      "venv",
      `\n${check}\n${off} \nexport ${off}\ntmp=$(mktemp -d)\npython3 -m venv "$tmp/venv" --system-site-packages\n. "$tmp/venv/bin/activate"\n ${pip} ${kfp} && "$0" "$@"\n`,
      [[...quiet, ...kfpWords]],
      true,
    ],
    [
      "a package with && in its text",
      `\n${off} ${pip} 'git+https://x.example/y?a=1&&b=2#egg=z' && "$0" "$@"\n`,
      [[...quiet, "git+https://x.example/y?a=1&&b=2#egg=z"]],
      false,
    ],
    [
      "SDK 1",
      `(python3 -m ensurepip || python3 -m ensurepip --user) && (${off} ${pip} 'kfp==1.8.0' || ${off} ${pip} 'kfp==1.8.0' --user) && "$0" "$@"`,
      [[...quiet, "kfp==1.8.0"]],
      false,
    ],
    [
      "SDK 1 without ensurepip",
      `(${off} ${pip} 'a' 'b' || ${off} ${pip} 'a' 'b' --user) && "$0" "$@"`,
      [[...quiet, "a", "b"]],
      false,
    ],
  ])("%s", (_, script, packages, usesVenv) => {
    expect(wrapped(script)).toEqual({ packages, rest: [...source, ...args], usesVenv });
  });

  it("without an installing shell", () => {
    expect(unwrapPython(source, args)).toEqual({ packages: [], rest: [...source, ...args], usesVenv: false });
  });

  it.each([
    ["another command", 'apt-get install -y gcc && "$0" "$@"'],
    ["a substitution", `${off} ${pip} $(cat list) && "$0" "$@"`],
    ["a variable", `${off} ${pip} "$LIST" && "$0" "$@"`],
    ["no handing over", `${off} ${pip} 'a'`],
    ["two different lists", `(${off} ${pip} 'a' || ${off} ${pip} 'b' --user) && "$0" "$@"`],
    ["an open quote", `${off} ${pip} 'a && "$0" "$@"`],
  ])("%s runs as it is written", (_, script) => {
    expect(wrapped(script)).toBeNull();
  });

  it("leaves plain commands alone", () => {
    expect(unwrapPython(["echo", "hi"], [])).toBeNull();
    expect(unwrapPython([], [])).toBeNull();
    expect(unwrapPython(["python3", "-m", "kfp.dsl.executor_main"], args)).toBeNull();
    expect(unwrapPython(["sh", "-c", "echo pip install"], [])).toBeNull();
  });
});

const FIXTURES = process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../../shared/fixtures");
const index = join(FIXTURES, "kfp/index.csv");
if (!existsSync(index))
  console.log("kfp fixtures: not found, the wrappers of 132 files left out (set PENSTOCK_FIXTURES)");

describe.runIf(existsSync(index))("fixtures", () => {
  it("recognises every wrapper", () => {
    const missed: string[] = [];
    let found = 0;
    for (const row of readFileSync(index, "utf8").trim().split("\n").slice(1)) {
      const path = row.slice(0, row.indexOf(","));
      const outcome = parseKfp(readFileSync(join(FIXTURES, "kfp", path), "utf8"));
      for (const { body, path: step } of outcome.ok ? outcome.graph.steps : []) {
        if (body.body !== "container") continue;
        const [shell, , script = ""] = body.command;
        if (unwrapPython(body.command, body.args) !== null) found += 1;
        else if (shell === "sh" && /pip install|executor_main/.test(script)) missed.push(`${path}: ${step}`);
      }
    }
    console.log(`kfp fixtures: ${found} steps in a Python wrapper, ${missed.length} not recognised`);
    expect(missed).toEqual([]);
    expect(found).toBeGreaterThan(300);
  });
});
