/** The OpenAPI document of this server: a shim over `server/reference`. */
import { thisDocument } from "@/server/reference/this-server";

export const dynamic = "force-dynamic";
export const runtime = "nodejs";

export const GET = (): Response => Response.json(thisDocument(), { headers: { "Cache-Control": "no-store" } });
