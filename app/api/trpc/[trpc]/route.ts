/** tRPC over HTTP: a shim over `server/api`. */
import { answerTrpc } from "@/server/api/handler";

export const dynamic = "force-dynamic";
export const runtime = "nodejs";

const answer = (request: Request): Promise<Response> => answerTrpc(request);

export { answer as GET, answer as POST };
