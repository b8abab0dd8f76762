/** The API as an OpenAPI 3.1 document, made from the tables that answer it. */
import { z } from "zod";
import type { OpenApiDocument, OpenApiOperation, Schema } from "@/server/domain/open-api";
import { FILE_ROUTES } from "@/server/http/routes";
import { ANSWERS } from "@/server/rest/messages";
import { ROUTES } from "@/server/rest/routes";
import { type Described, OPERATIONS, type Parameter } from "./operations";
import { OWN_OPERATIONS, type OwnOperation } from "./own-operations";
import { ERROR_SCHEMAS, messageSchemas, refTo } from "./schemas";

const BASE = "/apis/v2beta1";
const NOUNS: { readonly [segment: string]: string } = {
  pipelines: "Pipelines",
  experiments: "Experiments",
  runs: "Runs",
  recurringruns: "Recurring runs",
  healthz: "Server",
};

/** The order in which a reader meets them. */
const NOUN_ORDER = ["Pipelines", "Experiments", "Runs", "Recurring runs", "Artifacts", "Server"] as const;

/** `GET /runs/{run_id}` → `get-runs-run-id`: also the anchor on the page. */
const operationId = (method: string, path: string): string =>
  `${method} ${path.replace(BASE, "")}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const json = (schema: Schema): Schema => ({ content: { "application/json": { schema } } });

const pathParameters = (path: string): readonly Schema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "part" ? { type: "string", enum: ["log", "log-times"] } : { type: "string" },
  }));

const queryParameters = (query: readonly Parameter[] = []): readonly Schema[] =>
  query.map(({ name, about, type = "string" }) => ({ name, in: "query", description: about, schema: { type } }));

/** The fields of a query that a schema describes. */
function searchParameters(search: z.ZodType | undefined): readonly Schema[] {
  if (search === undefined) return [];
  const { properties = {} } = z.toJSONSchema(search, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", schema }));
}

const FILE: Schema = { type: "string", contentMediaType: "application/octet-stream" };

function bodyOf({ body }: Described, input?: z.ZodType): Schema | undefined {
  if (input !== undefined) {
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" });
    return { required: true, ...json(schema) };
  }
  if (body === undefined) return undefined;
  const form = (properties: Schema) => ({
    required: true,
    content: { "multipart/form-data": { schema: { type: "object", properties } } },
  });
  if (body === "upload") return form({ uploadfile: FILE });
  if (body === "files") {
    return form({ path: { type: "array", items: { type: "string" } }, file: { type: "array", items: FILE } });
  }
  // What a client sends need not hold what is always answered.
  if (body === "json") return { required: true, ...json({ type: "object" }) };
  return { required: true, ...json({ type: "object", properties: messageSchemas()[body]?.properties ?? {} }) };
}

const failure = (name: string): Schema => ({ description: "What is wrong, in words.", ...json(refTo(name)) });

interface Shape {
  readonly id: string;
  readonly noun: string;
  readonly described: Described;
  readonly parameters: readonly Schema[];
  readonly body: Schema | undefined;
  readonly success: Schema;
  readonly error: string;
  readonly isOpen: boolean;
}

function operation({ id, noun, described, parameters, body, success, error, isOpen }: Shape): OpenApiOperation {
  return {
    operationId: id,
    tags: [noun],
    summary: described.summary,
    ...(described.note !== undefined && { description: described.note }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: body }),
    responses: { "200": success, ...(isOpen ? {} : { "401": failure(error), default: failure(error) }) },
    ...(isOpen && { security: [] }),
  };
}

function kubeflowOperation(route: (typeof ROUTES)[number]): OpenApiOperation {
  const { method, path } = route;
  const key = `${method} ${path}`;
  const described = OPERATIONS[key] ?? { summary: key };
  const answered = ANSWERS[key];
  const success =
    answered === undefined ? { content: { "text/plain": { schema: { type: "string" } } } } : json(refTo(answered));
  return operation({
    id: operationId(method, path),
    noun: NOUNS[path.split("/")[1] ?? ""] ?? "Server",
    described,
    parameters: [...pathParameters(path), ...queryParameters(described.query)],
    body: bodyOf(described),
    success: { description: "Done.", ...success },
    error: route.shape === "upload" ? "UploadError" : "KubeflowError",
    isOpen: path === "/healthz",
  });
}

function ownOperation(method: string, path: string, own: OwnOperation): OpenApiOperation {
  const { answers = "application/json" } = own;
  const schema = answers === "application/json" ? { type: "object" } : { type: "string" };
  return operation({
    id: operationId(method, path === "/healthz" ? "/server/healthz" : path),
    noun: own.noun,
    described: own,
    parameters: [...pathParameters(path), ...queryParameters(own.query), ...searchParameters(own.search)],
    body: bodyOf(own, own.input),
    success: { description: "Done.", content: { [answers]: { schema } } },
    error: "Problem",
    isOpen: own.isOpen ?? false,
  });
}

/** The pattern of a file route as a path of the document. */
export const templateOf = (pattern: RegExp): string =>
  pattern.source
    .replace(/\(\?<(\w+)>[^)]*\)/g, "{$1}")
    .replaceAll("\\/", "/")
    .replace(/^\^|\$$/g, "");

/** Method and path of everything beside Kubeflow's API: the routes that move bytes, and what the server itself answers. */
export function ownPaths(): readonly string[] {
  const files = FILE_ROUTES.map(({ method, path }) => `${method} ${templateOf(path)}`);
  const others = Object.keys(OWN_OPERATIONS).filter((key) => OWN_OPERATIONS[key]?.noun === "Server");
  return [...files, ...others];
}

/** The whole document. */
export function openApiDocument(version: string): OpenApiDocument {
  const paths: { [path: string]: { [method: string]: OpenApiOperation } } = {};
  const put = (method: string, path: string, made: OpenApiOperation) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: made };
  };
  for (const route of ROUTES)
    put(route.method, `${"base" in route && route.base ? route.base : BASE}${route.path}`, kubeflowOperation(route));
  for (const key of ownPaths()) {
    const [method = "", path = ""] = key.split(" ");
    put(method, path, ownOperation(method, path, OWN_OPERATIONS[key] ?? { noun: "Server", summary: key }));
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Penstock",
      version,
      description: "Kubeflow Pipelines' API v2beta1, and what Penstock answers beside it.",
    },
    security: [{ token: [] }],
    tags: NOUN_ORDER.map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...messageSchemas(), ...ERROR_SCHEMAS },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}
