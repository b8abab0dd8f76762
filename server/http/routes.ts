/** The addresses under `/api` that move bytes; a table, the rest of `/api` belongs to others. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Identity, requireFull } from "@/server/auth/identity";
import { LIST_NAMES } from "@/server/domain/lists/list-names";
import { ProblemError } from "@/server/domain/problem-error";
import { openBelow } from "@/server/platform/open-file";
import type { Context } from "@/server/services/context";
import { versionFilePlace } from "@/server/services/files/places";
import { type ArtifactPresentation, answerArtifact, artifactEntries } from "./artifacts";
import { answerChanges } from "./changes";
import { answerDisplayPage } from "./displays";
import { answerListExport } from "./list-exports";
import { answerLog } from "./logs";
import { answerMetricReport } from "./metrics";
import { attachment, sendFile } from "./send-file";
import { answerCompletion, answerUpload } from "./uploads";

interface Call {
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The groups of the route's pattern. */
  readonly part: (name: string) => string;
}

interface Route {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly answer: (call: Call) => Promise<void>;
}

const presentationOf = (view: string | null): ArtifactPresentation =>
  view === "html" || view === "inline" ? view : "attachment";

/** What is read only needs GET; everything else full access. */
export const FILE_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: /^\/api\/uploads$/,
    answer: async (call) => sendBody(call, await answerUpload(call.context, call.request, call.query)),
  },
  {
    method: "POST",
    path: /^\/api\/versions\/(?<id>[\w-]{1,64})\/files$/,
    answer: async (call) => sendBody(call, await answerCompletion(call.context, call.request, call.part("id"))),
  },
  {
    method: "POST",
    path: /^\/api\/runs\/(?<id>[\w-]{1,64})\/metrics$/,
    answer: async (call) => sendBody(call, await answerMetricReport(call.context, call.request, call.part("id"))),
  },
  {
    method: "GET",
    path: /^\/api\/changes$/,
    answer: ({ context, request, response, query }) => answerChanges(context, request, response, query),
  },
  ...LIST_NAMES.map(
    (list): Route => ({
      method: "GET",
      path: new RegExp(`^/api/${list}/export$`),
      answer: ({ context, response, query }) => answerListExport(list, context, response, query),
    }),
  ),
  {
    method: "GET",
    path: /^\/api\/versions\/(?<id>[\w-]{1,64})\/file$/,
    answer: ({ context, request, response, query, part }) =>
      answerVersionFile(context, request, response, part("id"), query.get("path") ?? ""),
  },
  {
    method: "GET",
    path: /^\/api\/tasks\/(?<task>\d{1,15})\/attempts\/(?<number>\d{1,9})\/(?<part>log|log-times)$/,
    answer: ({ context, request, response, query, part }) =>
      answerLog(context, request, response, {
        task: Number(part("task")),
        attempt: Number(part("number")),
        part: part("part") === "log" ? "log" : "times",
        isDownload: query.has("download"),
      }),
  },
  {
    method: "GET",
    path: /^\/api\/artifacts\/(?<key>\d{1,15})\/content$/,
    answer: ({ context, request, response, query, part }) =>
      answerArtifact(context, request, response, {
        key: Number(part("key")),
        inner: query.get("path"),
        view: presentationOf(query.get("view")),
      }),
  },
  {
    method: "GET",
    path: /^\/api\/artifacts\/(?<key>\d{1,15})\/displays\/(?<entry>\d{1,9})$/,
    answer: ({ context, request, response, part }) =>
      answerDisplayPage(context, request, response, { key: Number(part("key")), entry: Number(part("entry")) }),
  },
  {
    method: "GET",
    path: /^\/api\/artifacts\/(?<key>\d{1,15})\/entries$/,
    answer: async (call) => sendBody(call, await artifactEntries(call.context, Number(call.part("key")))),
  },
];

async function answerVersionFile(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  versionId: string,
  path: string,
): Promise<void> {
  const file = await openBelow(context.dataDir.home, versionFilePlace(context, versionId, path));
  if (file === null) throw new ProblemError("not-found", "The file is gone from the data directory.");
  const name = path.split("/").at(-1) ?? path;
  return sendFile(request, response, file, {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": attachment(name),
  });
}

/** Answers a request of `identity` that moves bytes; false when its address is none of these. Throws `ProblemError`. */
export async function answerFile(
  context: () => Context,
  identity: Identity,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const [path = "", search = ""] = (request.url ?? "").split(/\?(.*)/s, 2);
  const method = request.method === "HEAD" ? "GET" : request.method;
  for (const route of FILE_ROUTES) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match === null) continue;
    if (route.method !== "GET") requireFull(identity);
    const part = (name: string): string => match.groups?.[name] ?? "";
    await route.answer({ context: context(), request, response, query: new URLSearchParams(search), part });
    return true;
  }
  return false;
}

function sendBody({ request, response }: Call, body: object): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": text.length,
    "Cache-Control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
