/** Files of a step's key: matched as the `.pipeline` names them, wherever it lies in its bundle. */
import { expect, test } from "vitest";
import { document, graphOf, node } from "@/pipelines/elyra/sample-document";
import { bundleFiles, seenFromPipeline } from "./file-facts";

test("a pipeline in a folder of its bundle is given its script and its dependencies", () => {
  const parameters = { filename: "../scripts/a.py", dependencies: ["lib"] };
  const body = graphOf(document([node("a", { parameters })])).steps[0]?.body;
  if (body?.body !== "file") throw new Error("no file step");
  const files = ["scripts/a.py", "scripts/lib/x.py", "pipelines/a.py"].map((path) => ({ path, digest: `of ${path}` }));
  expect(bundleFiles(body, seenFromPipeline("pipelines/p.pipeline", files))).toEqual({
    "../scripts/a.py": "of scripts/a.py",
    "../scripts/lib/x.py": "of scripts/lib/x.py",
  });
});
