/** The server's API as a test uses it: uploads, runs and their ends, over real HTTP. */
import type { JsonValue } from "@/pipelines/graph";
import { isRunOver } from "@/server/domain/states";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import { type TestServer, until } from "./server";

export interface Api {
  query<T>(procedure: string, input?: unknown): Promise<T>;
  mutate<T>(procedure: string, input?: unknown): Promise<T>;
  /** Uploads files by relative path as one version. */
  upload(
    files: { readonly [path: string]: string | Uint8Array },
    query?: { readonly [key: string]: string },
  ): Promise<UploadView>;
  createRun(versionId: string, parameters?: { readonly [name: string]: JsonValue }, name?: string): Promise<RunSummary>;
  /** Waits until the run is over and gives it whole. */
  finished(runId: string, timeoutMs?: number): Promise<RunView>;
}

/** An API client for `server` with its token. Every call throws with the server's own words when it is refused. */
export function apiOf(server: Pick<TestServer, "url" | "token">): Api {
  const headers = { authorization: `Bearer ${server.token}` };
  const answer = async (response: Response) => {
    const body = await response.json();
    if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
    return body;
  };
  const query: Api["query"] = async (procedure, input) => {
    const at = new URL(`/api/trpc/${procedure}`, server.url);
    if (input !== undefined) at.searchParams.set("input", JSON.stringify(input));
    return (await answer(await fetch(at, { headers }))).result.data;
  };
  const mutate: Api["mutate"] = async (procedure, input) => {
    const response = await fetch(new URL(`/api/trpc/${procedure}`, server.url), {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(input ?? {}),
    });
    return (await answer(response)).result.data;
  };
  return {
    query,
    mutate,
    async upload(files, search = {}) {
      const form = new FormData();
      for (const [path, content] of Object.entries(files)) {
        form.append("path", path);
        form.append("file", new Blob([content as BlobPart]), path);
      }
      const at = new URL("/api/uploads", server.url);
      for (const [key, value] of Object.entries(search)) at.searchParams.set(key, value);
      return answer(await fetch(at, { method: "POST", headers, body: form }));
    },
    createRun: (versionId, parameters = {}, name) =>
      mutate("runs.create", { versionId, parameters, ...(name !== undefined && { name }) }),
    finished: (runId, timeoutMs = 60_000) =>
      until(
        `run ${runId} to end`,
        async () => {
          const run = await query<RunView>("runs.get", { id: runId });
          return isRunOver(run.state) ? run : null;
        },
        timeoutMs,
        30,
      ),
  };
}
