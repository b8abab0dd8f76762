/** The bundled examples: which there are, which are installed, and installing one through the same door as any upload. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipelinesOfExamples } from "@/db/queries/pipeline-rows";
import { EXAMPLES } from "@/pipelines/examples";
import { ProblemError } from "@/server/domain/problem-error";
import type { ExampleView, UploadView } from "@/server/domain/views/pipelines";
import { programRoot } from "@/server/platform/root";
import type { Context } from "../context";
import { type ReceivedFile, storeUpload } from "../uploads/store-upload";

/** Every example with the pipeline it became. */
export function listExamples(context: Context): ExampleView[] {
  const installed = pipelinesOfExamples(context.db);
  return EXAMPLES.map(({ id, title, description }) => ({
    id,
    title,
    description,
    pipelineId: installed.get(id) ?? null,
  }));
}

/** Copied first: uploads link what they are given into the store, and the program's own files must not change with it. */
async function received(source: string, path: string, tmpFile: string): Promise<ReceivedFile> {
  const bytes = await readFile(source);
  await writeFile(tmpFile, bytes, { mode: 0o600 });
  return { path, tmpFile, size: bytes.length, digest: createHash("sha256").update(bytes).digest("hex") };
}

/** Makes the example's pipeline; one that is installed already gets a version when the example has changed. Throws `not-found`. */
export async function installExample(context: Context, id: string): Promise<UploadView> {
  const example = EXAMPLES.find((one) => one.id === id);
  if (example === undefined) throw new ProblemError("not-found", `There is no example ${id}.`);
  const source = join(programRoot(), "pipelines", "examples", id);
  const folder = await mkdtemp(join(context.dataDir.tmp, "example-"));
  try {
    const files = await Promise.all(
      example.files.map((path, index) => received(join(source, path), path, join(folder, String(index)))),
    );
    return await storeUpload(context, {
      files,
      pipelineId: pipelinesOfExamples(context.db).get(id) ?? null,
      description: example.description,
      exampleId: id,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
