/** What a node of a run left behind, over the Kubeflow API: bytes of an artifact, and the log. A node is a task. */
import { ProblemError } from "@/server/domain/problem-error";
import { maskedBytes } from "@/server/platform/masked-bytes";
import { type Masker, NO_MASKER } from "@/server/platform/masking";
import { type OpenFile, openBelow } from "@/server/platform/open-file";
import { outputArtifactPlace, taskLogPlace } from "@/server/services/files/places";
import { secretMasker } from "@/server/services/secrets/masker";
import type { Call } from "./call";

/** Both are read while they may still change, so nobody keeps them. */
const UNCACHED = { "Cache-Control": "no-cache, private" };

function taskOf({ part }: Call): number {
  const id = part("node_id");
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new ProblemError("not-found", `Node ${id.slice(0, 100)} not found; its id is the task_id of the run's details`);
}

async function* base64(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    yield Buffer.from(bytes.toString("base64", 0, whole));
  }
  yield Buffer.from(rest.toString("base64"));
}

async function* asJson(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from('{"data":"');
  yield* base64(chunks);
  yield Buffer.from('"}');
}

/** Sends what is made of a file piece by piece, however large it is; the file is closed also when nobody reads on. */
function streamed(
  { request }: Call,
  file: OpenFile,
  chunks: AsyncGenerator<Buffer>,
  type: string,
): Response | Promise<Response> {
  const headers = { ...UNCACHED, "Content-Type": type };
  const close = (): Promise<void> => file.handle.close();
  if (request.method === "HEAD") return close().then(() => new Response(null, { headers }));
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (!done) return controller.enqueue(value);
        await close();
        controller.close();
      } catch (error) {
        await close();
        controller.error(error);
      }
    },
    cancel: close,
  });
  return new Response(stream, { headers });
}

const bytesOf = (file: OpenFile, masker: Masker): AsyncGenerator<Buffer> =>
  maskedBytes(file.handle, { from: 0, to: file.size - 1, size: file.size }, masker);

/** `…/artifacts/{name}:read`: the bytes of an output artifact in base64. */
export async function readArtifact(call: Call): Promise<Response> {
  const { context, part } = call;
  const name = part("name");
  const place = outputArtifactPlace(context, part("run_id"), taskOf(call), name);
  if (place.isDirectory) {
    throw new ProblemError("invalid", `Artifact ${name} is a directory; download it in the interface`);
  }
  const file = await openBelow(context.dataDir.home, place.path);
  if (file === null) throw new ProblemError("not-found", `The file of artifact ${name} not found; it is gone`);
  return streamed(call, file, asJson(bytesOf(file, NO_MASKER)), "application/json");
}

/** `…/log`: what the last attempt of the task has written so far, with the values of secrets hidden. */
export async function readLog(call: Call): Promise<Response> {
  const { context, part } = call;
  const place = taskLogPlace(context, part("run_id"), taskOf(call));
  const file = await openBelow(context.dataDir.home, place);
  const type = "text/plain; charset=utf-8";
  if (file === null) return new Response("", { headers: { ...UNCACHED, "Content-Type": type } });
  return streamed(call, file, bytesOf(file, secretMasker(context)), type);
}
