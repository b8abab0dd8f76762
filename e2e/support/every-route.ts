/** Every address there is, read from what defines it: routers, tables of routes, areas and the folder of pages. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { appRouter } from "@/server/api/root";
import { FILE_ROUTES } from "@/server/http/routes";
import { programRoot } from "@/server/platform/root";
import { ROUTES as KUBEFLOW_ROUTES } from "@/server/rest/routes";
import { EXACT } from "@/server/web/areas";
import { SESSION_ROUTES } from "@/server/web/session-routes";

export type RouteKind = "query" | "mutation" | "subscription" | "kubeflow" | "file" | "session" | "page" | "other";

export interface KnownRoute {
  readonly kind: RouteKind;
  readonly method: string;
  readonly path: string;
  /** Answers anyone. */
  readonly isOpen: boolean;
  /** Asks for full access although it is only read. */
  readonly isManagement: boolean;
}

interface ProcedureDef {
  readonly _def: { readonly type: "query" | "mutation" | "subscription"; readonly meta?: { isManagement?: boolean } };
}

const route = (kind: RouteKind, method: string, path: string, more: Partial<KnownRoute> = {}): KnownRoute => ({
  kind,
  method,
  path,
  isOpen: false,
  isManagement: false,
  ...more,
});

export const PROCEDURES = Object.entries(
  appRouter._def.procedures as unknown as { readonly [path: string]: ProcedureDef },
).map(([name, { _def }]) => ({ name, type: _def.type, isManagement: _def.meta?.isManagement === true }));

const procedures = PROCEDURES.map(({ name, type, isManagement }) =>
  route(type, type === "mutation" ? "POST" : "GET", `/api/trpc/${name}`, { isManagement }),
);

const kubeflow = KUBEFLOW_ROUTES.map(({ method, path }) =>
  route("kubeflow", method, `/apis/v2beta1${path.replace(/\{[^}]+\}/g, "x1")}`, { isOpen: path === "/healthz" }),
);

/** An address that a pattern takes, always the same one. */
const addressOf = (pattern: RegExp): string => fc.sample(fc.stringMatching(pattern), { numRuns: 1, seed: 1 })[0] ?? "";

const files = FILE_ROUTES.map(({ method, path }) => route("file", method, addressOf(path)));
const sessions = SESSION_ROUTES.map(({ method, path }) =>
  route("session", method, path, { isOpen: path === "/api/session" }),
);

const pages = readdirSync(join(programRoot(), "app"), { recursive: true })
  .map((file) => /^(.*?)\/?page\.tsx$/.exec(String(file))?.[1])
  .filter((folder) => folder !== undefined)
  .map((folder) => `/${folder.replace(/\[[^\]]+\]/g, "x1")}`)
  .map((path) => route("page", "GET", path, { isOpen: path === "/sign-in" }));

/** What the server answers itself by an exact address, and how the framework's own addresses begin. */
const others = [
  ...Object.entries(EXACT)
    .filter(([, area]) => ["health", "api"].includes(area))
    .map(([path, area]) => route("other", "GET", path, { isOpen: area === "health" })),
  ...["/_next/image?url=x", "/_next/data/x.json", "/__nextjs_original-stack-frame", "/api/nowhere", "/nowhere"].map(
    (path) => route("other", "GET", path),
  ),
];

/** All of them, each under the method that it is for. */
export const EVERY_ROUTE: readonly KnownRoute[] = [
  ...procedures,
  ...kubeflow,
  ...files,
  ...sessions,
  ...pages,
  ...others,
];
