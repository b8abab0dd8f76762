/** The stream of changes over a real connection. */
import { get, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addEvent } from "@/db/queries/events";
import { type TestWeb, testWeb } from "@/server/web/testing";

let web: TestWeb;
beforeEach(async () => {
  web = await testWeb();
});
afterEach(() => web.close());

const announce = (subject: string): void =>
  void addEvent(web.services.context.db, { at: new Date(), topic: "run", subject, kind: "state" });

/** Opens the stream and reads on until it has said what is waited for. */
async function open(query: string, headers: { readonly [name: string]: string } = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { port: web.port, path: `/api/changes?${query}`, headers: { ...web.bearer, ...headers } };
    get(options, resolve).once("error", reject);
  });
  response.setEncoding("utf8");
  let said = "";
  const ended = new Promise<void>((resolve) => response.once("close", () => resolve()));
  response.on("error", () => undefined);
  response.on("data", (text) => {
    said += text;
    response.emit("said");
  });
  return {
    response,
    ended,
    until: async (wanted: string): Promise<string> => {
      while (!said.includes(wanted)) await new Promise((resolve) => response.once("said", resolve));
      return said;
    },
  };
}

test("each change is one event with the id to resume from, and the stream may be packed by nobody", async () => {
  const stream = await open("topic=runs&topic=system");
  expect(stream.response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  expect(stream.response.headers["cache-control"]).toBe("no-cache, no-transform");
  await stream.until('"ready"');
  announce("one");
  const said = await stream.until('"one"');
  const [ready, change] = said.trim().split("\n\n");
  expect(ready).toMatch(/^id: 0\ndata: \{.*"kind":"ready"/);
  expect(change).toMatch(/^id: 1\ndata: \{/);
  expect(JSON.parse(change?.split("data: ")[1] ?? "")).toMatchObject({ id: 1, topic: "run", subject: "one" });
  stream.response.destroy();
});

test("a stream goes on after the id that the address or the header names", async () => {
  for (const subject of ["one", "two", "three"]) announce(subject);
  const byAddress = await open("topic=runs&lastEventId=1");
  const byHeader = await open("topic=runs", { "last-event-id": "2" });
  expect(await byAddress.until('"three"')).toContain('"two"');
  expect(await byHeader.until('"three"')).not.toContain('"two"');
  byAddress.response.destroy();
  byHeader.response.destroy();
});

test("who leaves is forgotten, and a topic that there is not is refused", async () => {
  const { feed } = web.services.context;
  const stream = await open("topic=runs");
  await stream.until('"ready"');
  expect(feed.followers).toBe(1);
  stream.response.destroy();
  await stream.ended;
  await expect.poll(() => feed.followers).toBe(0);
  expect((await web.ask("GET", "/api/changes?topic=everything", web.bearer)).status).toBe(400);
  expect((await web.ask("GET", "/api/changes", web.bearer)).status).toBe(400);
  expect((await web.ask("GET", "/api/changes?topic=runs")).status).toBe(401);
  expect((await web.ask("HEAD", "/api/changes?topic=runs", web.bearer)).status).toBe(200);
});
