/** The web server with its real APIs in the test's own process: only pages are stood in for. */
import type { TokenAccess } from "@/server/domain/api-tokens";
import { createToken } from "@/server/services/tokens/create-token";
import { type Answer, type TestWeb, testWeb } from "@/server/web/testing";
import { answerApi } from "@/server/web/web-apis";
import type { KnownRoute } from "./every-route";

export interface WholeWeb extends TestWeb {
  /** Makes an API token and gives the header that shows it. */
  bearerOf(access: TokenAccess, livesMs?: number): Promise<{ readonly id: string; readonly authorization: string }>;
}

/** Sends a request of the route's own kind, with a body where it takes one. */
export function askRoute(web: TestWeb, route: KnownRoute, headers: object, path = route.path): Promise<Answer> {
  if (route.method === "GET") return web.ask("GET", path, { ...headers });
  const json = { "content-type": "application/json", "content-length": 2 };
  return web.ask(route.method, path, { ...json, ...headers }, "{}");
}

const TABLES = ["run", "pipeline", "experiment", "profile", "secret", "volume", "setting", "api_token", "sign_in_code"];

/** How many rows the tables hold that requests write. */
export const countedRows = ({ services }: TestWeb): readonly unknown[] =>
  [...TABLES, "event"].map((table) =>
    services.context.db.$client.prepare(`select count(*) from ${table}`).pluck().get(),
  );

/** Starts it on a free port. */
export async function wholeWeb(): Promise<WholeWeb> {
  const web = await testWeb("token", answerApi);
  let made = 0;
  return {
    ...web,
    async bearerOf(access, livesMs) {
      made += 1;
      const { context } = web.services;
      const expiresAt = livesMs === undefined ? null : new Date(context.now().getTime() + livesMs).toISOString();
      const { id, token } = await createToken(context, { name: `${access} ${made}`, access, expiresAt });
      return { id, authorization: `Bearer ${token}` };
    },
  };
}
