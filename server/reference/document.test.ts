/** The document is valid OpenAPI, tells every route there is, and every path that it tells is answered. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { owner } from "@/server/auth/identity";
import { answerKubeflow } from "@/server/rest/handler";
import { ANSWERS } from "@/server/rest/messages";
import { ROUTES } from "@/server/rest/routes";
import { type TestWeb, testWeb } from "@/server/web/testing";
import { openApiDocument, ownPaths, templateOf } from "./document";
import { OPERATIONS } from "./operations";
import { OWN_OPERATIONS } from "./own-operations";

const document = openApiDocument("1.2.3");
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

let web: TestWeb;
beforeAll(async () => {
  web = await testWeb();
});
afterAll(() => web.close());

test("it is a valid OpenAPI 3.1 document", async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test("every reference in it leads somewhere", () => {
  const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(names.filter((name) => document.components.schemas[name ?? ""] === undefined)).toEqual([]);
});

test("every operation has an id of its own, a noun that is listed, and words", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const nouns = document.tags.map(({ name }) => name);
  for (const { operation, path } of operations) {
    expect(nouns, path).toContain(operation.tags[0]);
    expect(operation.summary, path).not.toMatch(/^(GET|POST|PATCH|DELETE) /);
  }
});

test("every route of Kubeflow's API is described, with the message that it answers", () => {
  const keys = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(keys.filter((key) => OPERATIONS[key] === undefined)).toEqual([]);
  const plain = ["GET /runs/{run_id}/nodes/{node_id}/log"];
  expect(keys.filter((key) => ANSWERS[key] === undefined && !plain.includes(key))).toEqual([]);
});

test("every route beside it is described, and nothing that is none", () => {
  expect([...ownPaths()].sort()).toEqual(Object.keys(OWN_OPERATIONS).sort());
  expect(templateOf(/^\/api\/artifacts\/(?<key>\d{1,15})\/displays\/(?<entry>\d{1,9})$/)).toBe(
    "/api/artifacts/{key}/displays/{entry}",
  );
});

/** What a path without a route is answered, in either world. */
const NO_ROUTE = /Not Found$|Method Not Allowed$|nothing at this address/;

test("every path that is told is answered, and as it says only with a token", async () => {
  for (const { method, path, operation } of operations) {
    const target = path
      .replace("{part}", "log")
      .replace(/\{(key|entry|task|number)\}/g, "1")
      .replace(/\{\w+\}/g, "none");
    const isOpen = operation.security?.length === 0;
    if (path.startsWith("/apis/")) {
      const request = new Request(`http://127.0.0.1${target}`, { method });
      const answer = await answerKubeflow(request, {
        context: () => web.services.context,
        identity: owner("bearer"),
      });
      expect(answer.status, `${method} ${path}`).toBeLessThan(500);
      expect(await answer.text(), `${method} ${path}`).not.toMatch(NO_ROUTE);
      continue;
    }
    const refused = await web.ask(method, target, { "content-type": "application/json" });
    expect(refused.status === 401, `${method} ${path} ${refused.status}`).toBe(!isOpen);
    const answer = await web.ask(method, target, { ...web.bearer, "content-type": "application/json" });
    // In this server a stand-in for the pages takes what the web process does not answer itself.
    if (path !== "/api/openapi.json") expect(answer.body.toString(), `${method} ${path}`).not.toMatch(/^page,/);
  }
});
