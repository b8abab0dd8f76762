/** How the watch keeps up with a server that forgets, cuts, refuses and goes: over real HTTP, answer by answer. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { eventually } from "../executor.contract";
import { kubeClient } from "./client";
import type { Pod } from "./pod";
import { againAfter, podWatch } from "./watch";

type Answer = (response: ServerResponse, query: URLSearchParams) => void;

const pod = (version: string): Pod => ({ metadata: { name: "p", uid: "u", resourceVersion: version } });
const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const listOf =
  (version: string, ...items: Pod[]): Answer =>
  (response) => {
    response.end(JSON.stringify({ metadata: { resourceVersion: version }, items }));
  };

/** A server that gives these answers one after the other, then is silent; and what it was asked. */
async function watched(...answers: Answer[]) {
  const asked: { readonly at: number; readonly version: string | null }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const query = new URL(request.url ?? "", "http://x").searchParams;
    asked.push({ at: performance.now(), version: query.get("watch") === null ? "list" : query.get("resourceVersion") });
    answers.shift()?.(response, query);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const access = {
    ca: null,
    serverName: null,
    isUnverified: false,
    certificate: null,
    token: null,
    tokenFile: null,
    password: null,
    plugin: null,
  };
  const client = kubeClient({
    ...access,
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    namespace: "n",
  });
  const watch = podWatch(client);
  onTestFinished(() => {
    watch.release();
    client.close();
    server.close();
    server.closeAllConnections();
  });
  const seen: (string | null)[] = [];
  const end = watch.follow("p", (one, isGone) => seen.push(isGone ? null : (one?.metadata.resourceVersion ?? "")));
  return { asked, seen, end, versions: () => asked.map(({ version }) => version) };
}

it("goes on from the last version where the connection is cut, and forgets nothing in between", async () => {
  const { seen, versions } = await watched(
    listOf("5", pod("4")),
    (response) => {
      response.write(event("MODIFIED", pod("6")));
      response.write(event("BOOKMARK", { metadata: { resourceVersion: "9" } }));
      setTimeout(() => response.destroy(), 20);
    },
    (response) => void response.write(event("DELETED", pod("10"))),
  );
  await eventually("the deletion is seen", () => seen.includes(null));
  expect([seen, versions()]).toEqual([
    ["4", "6", null],
    ["list", "5", "9"],
  ]);
});

it.each<[string, Answer]>([
  ["in the stream", (response) => void response.write(event("ERROR", { code: 410, message: "too old" }))],
  ["as its answer", (response) => void response.writeHead(410).end('{"reason":"Expired","message":"too old"}')],
])("lists anew where its version is too old, said %s", async (_, expired) => {
  const { seen, versions } = await watched(listOf("5", pod("4")), expired, listOf("20"), () => undefined);
  await eventually("it lists anew", () => seen.length === 2);
  expect(seen).toEqual(["4", null]);
  await eventually("it watches on", () => versions().length === 4);
  expect(versions()).toEqual(["list", "5", "list", "20"]);
});

it("waits as long as the server asks, and asks a server that is down again and again", async () => {
  const { asked, versions } = await watched(
    listOf("5"),
    (response) => void response.writeHead(429, { "Retry-After": "1" }).end("{}"),
    (response) => void response.destroy(),
    (response) => void response.writeHead(503).end("{}"),
    () => undefined,
  );
  await eventually("it watches on", () => asked.length === 5, 10_000);
  expect(versions()).toEqual(["list", "5", "5", "5", "5"]);
  expect((asked[2]?.at ?? 0) - (asked[1]?.at ?? 0)).toBeGreaterThanOrEqual(990);
});

it("asks nothing once nobody follows", async () => {
  const { asked, end } = await watched(listOf("5"), () => undefined);
  await eventually("it watches", () => asked.length === 2);
  end();
  expect(asked).toHaveLength(2);
});

it("pauses longer each time, at most ten seconds, and never less than it is told", () => {
  expect([0, 1, 2, 6, 60].map((failures) => againAfter(failures, 0))).toEqual([100, 200, 400, 6_400, 10_000]);
  expect(againAfter(0, 30_000)).toBe(30_000);
});
