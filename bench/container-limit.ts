/** The limit that steps in containers are held against: the least that a container engine can be asked for. */
import { Agent, request } from "node:http";
import type { TestEngine } from "@/e2e/support/container-engine";

function call(agent: Agent, socketPath: string, method: string, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
    const sent = request({ agent, socketPath, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const answer = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) < 400) resolve(answer);
        else reject(new Error(`${path}: ${answer}`));
      });
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

/** Milliseconds per container for `count` no-ops, `inFlight` at a time: create, start, wait, remove. */
export async function rawContainers({ socket, image }: TestEngine, count: number, inFlight: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  let next = 0;
  const one = async (): Promise<void> => {
    const body = { Image: image, Entrypoint: ["/bin/true"], HostConfig: { NetworkMode: "none", Init: true } };
    const { Id } = JSON.parse(await call(agent, socket, "POST", "/containers/create", body));
    await call(agent, socket, "POST", `/containers/${Id}/start`);
    await call(agent, socket, "POST", `/containers/${Id}/wait`);
    await call(agent, socket, "DELETE", `/containers/${Id}`);
  };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next++ < count) await one();
    }),
  );
  agent.destroy();
  return (performance.now() - startedAt) / count;
}
