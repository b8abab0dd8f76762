/** Entry of the parsing thread: one pipeline text in, one outcome out. */
import { parentPort } from "node:worker_threads";
import { type PipelineFile, parsePipeline } from "@/pipelines";

parentPort?.on("message", ({ id, file }: { id: number; file: PipelineFile }) => {
  parentPort?.postMessage({ id, outcome: parsePipeline(file) });
});
parentPort?.postMessage({ id: 0 });
