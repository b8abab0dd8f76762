/** Gives a step's pod its files and takes what it leaves, each for the bearer of the token of that one attempt. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { ProblemError } from "@/server/domain/problem-error";
import type { DataDir } from "@/server/platform/data-dir";
import { type PodGrant, podGrant } from "@/server/platform/pod-files";
import { packPodFiles } from "./pod-pack";
import { receivePodFiles } from "./pod-receive";
import { isGone } from "./send-file";

const PATH = /^\/api\/pods\/(?<run>\d{1,15})\/(?<task>\d{1,15})\/(?<number>\d{1,9})\/files$/;

/** Answers a pod. Throws `ProblemError` where its token is not good, or what it brings is not whole. */
export async function answerPod(
  dataDir: Pick<DataDir, "attempt">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { run, task, number } = PATH.exec((request.url ?? "").split("?", 1)[0] ?? "")?.groups ?? {};
  if (run === undefined) throw new ProblemError("not-found", "There is nothing at this address.");
  const directory = dataDir.attempt(Number(run), Number(task), Number(number));
  await answerPodOf(directory, request, response);
}

/** The same for an attempt whose folder is known. */
export async function answerPodOf(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const grant = granted(directory, request.headers.authorization);
  if (request.method === "GET") return sendFiles(grant, response);
  if (request.method !== "POST") throw new ProblemError("invalid", "Pods use GET and POST here.");
  await receivePodFiles(directory, grant, request);
  response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" }).end("received\n");
}

function granted(directory: string, authorization: string | undefined): PodGrant {
  const token = /^Bearer ([\w-]{20,200})$/.exec(authorization ?? "")?.[1];
  const grant = token === undefined ? null : podGrant(directory, token);
  if (grant === null) throw new ProblemError("unauthenticated", "This token is good for no attempt that runs.");
  return grant;
}

async function sendFiles(grant: PodGrant, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "Content-Type": "application/x-tar", "Cache-Control": "no-store" });
  await pipeline(packPodFiles(grant), response).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}
