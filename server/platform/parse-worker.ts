/** Entry of the parsing thread: one pipeline text in, its graph or its documents out. */
import { parentPort } from "node:worker_threads";
import { parsePipeline } from "@/pipelines";
import type { JsonValue } from "@/pipelines/graph";
import { readJson } from "@/pipelines/text/json";
import { readYamlDocuments } from "@/pipelines/text/yaml";
import type { ParseRequest } from "./parse-in-worker";

function documentsOf(text: string): readonly JsonValue[] {
  const json = readJson(text);
  if (json.ok) return [json.value];
  const yaml = readYamlDocuments(text);
  return yaml.ok ? yaml.value : [];
}

parentPort?.on("message", ({ id, request }: { id: number; request: ParseRequest }) => {
  const result = request.want === "graph" ? parsePipeline(request.file) : documentsOf(request.text);
  parentPort?.postMessage({ id, result });
});
parentPort?.postMessage({ id: 0 });
