/** Recognises files of neighbouring formats that are not run here, and says what to do with them. */
import type { JsonValue, Problem } from "../graph";
import { textProblem } from "../text/limits";
import { isObject } from "./message";

const RECOMPILE =
  "Compile the pipeline again with the Kubeflow Pipelines SDK 2 (`kfp dsl compile`) and upload that file.";

/** Names the YAML or JSON objects that people upload instead of a compiled pipeline. */
export function foreignDocument(documents: readonly JsonValue[]): Problem | null {
  for (const document of documents) {
    if (!isObject(document)) continue;
    const { apiVersion, kind } = document;
    if (typeof apiVersion === "string" && apiVersion.startsWith("argoproj.io/")) {
      const what = typeof kind === "string" ? kind : "object";
      return textProblem(
        "argo-workflow",
        "apiVersion",
        `This is an Argo ${what}, as the Kubeflow Pipelines SDK 1 compiled it. ${RECOMPILE}`,
      );
    }
    if (typeof apiVersion === "string" && apiVersion.startsWith("tekton.dev/")) {
      return textProblem("tekton-pipeline", "apiVersion", `This is a Tekton object. ${RECOMPILE}`);
    }
    if (typeof apiVersion === "string" && typeof kind === "string") {
      const what = `${kind} (${apiVersion})`.slice(0, 100);
      return textProblem(
        "kubernetes-object",
        "apiVersion",
        `This is a Kubernetes object, ${what}, not a pipeline. ${RECOMPILE}`,
      );
    }
    if (isObject(document.implementation)) {
      const message =
        "This is a single component, not a pipeline. Use it in a pipeline (`components.load_component_from_file`), compile that and upload it.";
      return textProblem("component", "implementation", message);
    }
  }
  return null;
}

/** Names source code that has to be compiled first; null for anything else. */
export function sourceCode(fileName: string, text: string): Problem | null {
  const head = text.slice(0, 64 * 1024);
  const isAirflow = /^\s*(?:from|import)\s+airflow\b/m.test(head);
  const isKfp = /^\s*(?:from|import)\s+kfp\b/m.test(head);
  if (!/\.(py|r|sh)$/i.test(fileName) && !((isAirflow || isKfp) && /^\s*(?:def|class|with)\s.*:\s*$/m.test(head)))
    return null;
  if (isAirflow) {
    const message =
      "This is the source of an Airflow DAG. Airflow's operators are not run here; write the tasks as notebooks or scripts of a .pipeline, or as a Kubeflow pipeline.";
    return textProblem("airflow-source", "the whole text", message);
  }
  if (isKfp) {
    return textProblem(
      "python-source",
      "the whole text",
      "This is the source of a Kubeflow pipeline, not the compiled file. Run `kfp dsl compile --py FILE --output pipeline.yaml` and upload that.",
    );
  }
  return textProblem(
    "source-code",
    "the whole text",
    "This is a script, not a pipeline. Put it into a .pipeline as a node, or upload a compiled Kubeflow pipeline.",
  );
}
