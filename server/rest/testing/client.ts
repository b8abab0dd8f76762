/** Asks the Kubeflow API as its clients do; every answer that succeeds is held against the contract. */
import { expect } from "vitest";
import { owner } from "@/server/auth/identity";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { answerKubeflow } from "../handler";
import { answerProblems, operationOf } from "./contract";

/** JSON as a test reads it: every field may be there, and may be the text of an id. */
export type Json = string & { readonly [key: string]: Json };

/** The items of a list; none for one that is absent. */
export const items = (list: Json | undefined): readonly Json[] => (list ?? []) as unknown as readonly Json[];

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export interface TestClient {
  readonly services: TestServices;
  /** Operations that were asked, as `GET /runs/{run_id}`. */
  readonly asked: ReadonlySet<string>;
  /** Whether the client sends a credential. */
  isKnown: boolean;
  ask(method: string, path: string, init?: RequestInit): Promise<Response>;
  send(method: string, path: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<Answer>;
  /** The body of an answer that is 200 and of the right shape. */
  ok(method: string, path: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<Json>;
  close(): void;
}

/** A client of services in a fresh directory. */
export function testClient(): TestClient {
  const services = testServices();
  const asked = new Set<string>();
  const client: TestClient = {
    services,
    asked,
    isKnown: true,
    ask: (method, path, init = {}) =>
      answerKubeflow(new Request(`http://localhost${path}`, { method, ...init }), {
        context: () => services.context,
        identity: client.isKnown ? owner("bearer") : null,
      }),
    async send(method, path, body, headers = {}) {
      const isBare = body === undefined || method === "GET";
      const content = body instanceof FormData || typeof body === "string" ? body : JSON.stringify(body);
      const init = isBare ? { headers } : { headers, body: content };
      const response = await client.ask(method, `/apis/v2beta1${path}`, init);
      expect(response.headers.get("content-type")).toContain("application/json");
      return { status: response.status, body: await response.json() };
    },
    async ok(method, path, body, headers) {
      const answer = await client.send(method, path, body, headers);
      expect(answer).toMatchObject({ status: 200 });
      const [plain = ""] = path.split("?");
      expect(answerProblems(method, plain, answer.body)).toEqual([]);
      const operation = operationOf(method, plain);
      if (operation !== undefined) asked.add(operation);
      return answer.body;
    },
    close: services.close,
  };
  return client;
}

/** A multipart body with one file. */
export function form(name: string, content: string | Uint8Array<ArrayBuffer>): FormData {
  const data = new FormData();
  data.append("uploadfile", new File([content], name, { type: "application/octet-stream" }));
  return data;
}

/** A query that filters by these predicates. */
export const filter = (...predicates: unknown[]): string =>
  `filter=${encodeURIComponent(JSON.stringify({ predicates }))}`;

/** A specification with its platform document. */
export const TWO_DOCUMENTS =
  "# PIPELINE DEFINITION\ncomponents:\n  comp-a: {executorLabel: exec-a}\ndeploymentSpec:\n  executors:\n    exec-a: {container: {image: alpine, command: ['true']}}\npipelineInfo: {name: two-docs}\nroot: {dag: {tasks: {a: {componentRef: {name: comp-a}, taskInfo: {name: a}}}}}\nschemaVersion: 2.1.0\n---\nplatforms: {kubernetes: {deploymentSpec: {executors: {exec-a: {imagePullPolicy: Always}}}}}\n";

/** A specification without inputs. */
export const plainSpec = (name = "p"): Json => JSON.parse(kfpSpec(name));

/** A specification that needs one number. */
export const numberSpec = (): Json => JSON.parse(kfpSpec("inline", ["a"], { n: { parameterType: "NUMBER_INTEGER" } }));
