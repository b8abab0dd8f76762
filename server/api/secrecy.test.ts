/** What the API never tells: the value of a secret, whichever procedure is asked. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { owner } from "@/server/auth/identity";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { createCaller } from "./caller";
import { answerTrpc } from "./handler";
import { appRouter } from "./root";

const VALUE = "canary-of-the-vault";
const user = owner("bearer");

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const procedures = Object.keys(appRouter._def.procedures);

test("no procedure answers with the value of a secret, neither as a query nor when it saves or removes", async () => {
  const { context } = services;
  const caller = createCaller({ services: context, identity: user });
  const saved = await caller.secrets.save({ name: "db", values: { password: VALUE } });
  const { version } = await storeUpload(context, { files: [services.receive("p.json", kfpSpec("p"))] });
  const run = await caller.runs.create({ versionId: version.id, name: `run with ${VALUE.slice(0, 3)}` });
  const task = context.db.$client.prepare("select key from task limit 1").pluck().get() ?? 1;
  const told = [JSON.stringify(saved)];
  for (const input of [{}, { name: "db" }, { id: run.id }, { id: task }, { versionId: version.id }]) {
    for (const path of procedures) {
      for (const request of [
        new Request(`http://localhost/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`),
        new Request(`http://localhost/api/trpc/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(input),
        }),
      ]) {
        told.push(await (await answerTrpc(request, { services: context, identity: user })).text());
      }
      if (!(await caller.secrets.list()).some(({ name }) => name === "db")) {
        await caller.secrets.save({ name: "db", values: { password: VALUE } });
      }
    }
  }
  expect(told.length).toBeGreaterThan(200);
  expect(told.some((answer) => answer.includes("password"))).toBe(true);
  for (const answer of told) expect(answer).not.toContain(VALUE);
});

test("errors about a secret do not repeat what was sent", async () => {
  const answer = await answerTrpc(
    new Request("http://localhost/api/trpc/secrets.save", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Bad Name", values: { "bad key": VALUE, nul: `${VALUE}\0` } }),
    }),
    { services: services.context, identity: user },
  );
  expect(answer.status).toBe(400);
  const text = await answer.text();
  expect(text).toContain("lower-case");
  expect(text).not.toContain(VALUE);
});

test.each(["../../etc/passwd", "a\0b", "'; drop table secret; --", "constructor", "__proto__", "x".repeat(254), ""])(
  "the name %j finds and makes nothing",
  async (name) => {
    const caller = createCaller({ services: services.context, identity: user });
    for (const call of [caller.profiles.get, caller.profiles.remove, caller.secrets.remove, caller.volumes.remove]) {
      await expect(call({ name })).rejects.toThrow(/There is no|>=1|<=253|Too (?:small|big)/);
    }
    if (name === "constructor") return;
    await expect(caller.secrets.save({ name })).rejects.toThrow(/lower-case/);
    await expect(caller.volumes.save({ name })).rejects.toThrow(/lower-case/);
    await expect(caller.profiles.save({ name })).rejects.toThrow(/lower-case/);
  },
);
