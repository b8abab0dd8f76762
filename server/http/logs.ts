/** Serves logs of attempts and the times of their lines, by range, while they grow; values of secrets are hidden. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { NO_MASKER } from "@/server/platform/masking";
import { openBelow } from "@/server/platform/open-file";
import type { Context } from "@/server/services/context";
import { attemptLogPlace } from "@/server/services/files/places";
import { secretMasker } from "@/server/services/secrets/masker";
import { attachment, sendFile } from "./send-file";

/** Answers with the log (or its line times); an attempt that has written nothing yet has an empty one. */
export async function answerLog(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  what: {
    readonly task: number;
    readonly attempt: number;
    readonly part: "log" | "times";
    readonly isDownload: boolean;
  },
): Promise<void> {
  const place = attemptLogPlace(context, what.task, what.attempt);
  const headers = {
    "Content-Type": "text/plain; charset=utf-8",
    ...(what.isDownload && { "Content-Disposition": attachment(`task-${what.task}-attempt-${what.attempt}.log`) }),
  };
  const file = await openBelow(context.dataDir.home, place[what.part]);
  if (file !== null) {
    return sendFile(request, response, file, headers, what.part === "log" ? secretMasker(context) : NO_MASKER);
  }
  response.writeHead(200, { ...headers, "Content-Length": 0, "Cache-Control": "private, no-cache" }).end();
}
