/** Sends files with their progress, and reads the server's answer or its refusal. */
import type { Problem } from "@/pipelines/graph";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { PickedFile } from "./collect-files";

/** The server did not take the files; its words and what is wrong where. */
export class UploadRefused extends Error {
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.name = "UploadRefused";
    this.problems = problems;
  }
}

interface Refusal {
  readonly error?: { readonly message?: string; readonly problems?: readonly Problem[] };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(status: number, body: unknown): UploadRefused {
  const error = (body as Refusal | null)?.error;
  const fallback =
    status === 413
      ? "These files are larger than the server takes."
      : `The server answered ${status} and did not say why. Nothing was stored; try again.`;
  return new UploadRefused(error?.message ?? fallback, error?.problems ?? []);
}

/** `onProgress` is told the share sent, 0 to 1. Throws UploadRefused; an aborted upload rejects too. */
export function sendFiles(
  url: string,
  files: readonly PickedFile[],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<UploadView> {
  const form = new FormData();
  for (const { path, file } of files) form.append("file", file, path);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = (event) => onProgress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      const body = parseBody(request.responseText);
      if (request.status >= 200 && request.status < 300 && body) resolve(body as UploadView);
      else reject(refusal(request.status, body));
    };
    request.onerror = () =>
      reject(new UploadRefused("The server could not be reached. Nothing was stored; try again once it is back.", []));
    request.onabort = () => reject(new UploadRefused("The upload was stopped. Nothing was stored.", []));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
