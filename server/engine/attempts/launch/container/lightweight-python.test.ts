/** Which environment a Python component is given: what its wrapper installs, and the SDK where it counts on its image. */
import { describe, expect, it } from "vitest";
import { parseKfpDocuments } from "@/pipelines/kfp";
import type { Interpreter } from "../../../python/interpreter";
import { container } from "../../testing";
import { environmentOf, wrapperOf } from "./lightweight-python";

const PLAIN: Interpreter = { command: "python3", executable: "/p", realPath: "/p", version: "3.11.1", hasKfp: false };
const SHELL = (mark: string) => [
  "sh",
  "-ec",
  `printf "%s" "$0" > "$program_path/ephemeral_component.py"\n${mark}python3 -m kfp.dsl.executor_main "$@"`,
  "x = 1",
];
const MARKED = SHELL("_KFP_RUNTIME=true ");
const installing = (requirement: string) => [
  "sh",
  "-c",
  `PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet '${requirement}' && "$0" "$@"\n`,
  ...MARKED,
];

const linesOf = (command: string[], sdk?: string, interpreter = PLAIN) => {
  const body = container({ command, ...(sdk === undefined ? {} : { sdk }) });
  return environmentOf(body, wrapperOf(body), interpreter)?.lines ?? null;
};

describe("an environment", () => {
  const light = ["kfp==2.15.2", "--no-deps", 'typing-extensions>=3.7.4,<5; python_version<"3.9"'];

  it("holds what the wrapper installs", () => {
    expect(linesOf(installing("kfp==2.0.1"), "2.15.2")).toEqual([["--quiet", "kfp==2.0.1"]]);
    expect(linesOf(installing("kfp[kubernetes]==2.0.1"), "2.15.2")).toHaveLength(1);
    expect(linesOf(installing("kfp-kubernetes==2.0.1"), "2.15.2")).toEqual([
      ["--quiet", "kfp-kubernetes==2.0.1"],
      light,
    ]);
  });

  it("brings the SDK of the file where the image would", () => {
    expect(linesOf(MARKED, "2.15.2")).toEqual([light]);
    expect(linesOf(SHELL(""), "2.0.0-rc.2")).toEqual([["kfp==2.0.0-rc.2"]]);
    expect(linesOf(["python3", "-m", "kfp.dsl.executor_main"], "2.15.2")).toEqual([["kfp==2.15.2"]]);
  });

  it("is not needed where the interpreter brings the SDK, or nothing asks for it", () => {
    expect(linesOf(MARKED, "2.15.2", { ...PLAIN, hasKfp: true })).toBeNull();
    expect(linesOf(MARKED)).toBeNull();
    expect(linesOf(["python3", "-c", "1"])).toBeNull();
  });
});

it("knows the SDK of a file for the steps that start its runtime", () => {
  const executor = (command: string[]) => ({ container: { image: "i", command } });
  const task = (name: string) => ({ componentRef: { name }, taskInfo: { name } });
  const outcome = parseKfpDocuments([
    {
      pipelineInfo: { name: "p" },
      schemaVersion: "2.1.0",
      sdkVersion: "kfp-2.14.6",
      deploymentSpec: { executors: { py: executor(MARKED), sh: executor(["sh"]) } },
      components: { py: { executorLabel: "py" }, sh: { executorLabel: "sh" } },
      root: { dag: { tasks: { py: task("py"), sh: task("sh") } } },
    },
  ]);
  const bodies = outcome.ok ? outcome.graph.steps.map(({ body }) => (body.body === "container" ? body.sdk : "?")) : [];
  expect(bodies).toEqual(["2.14.6", undefined]);
});
