/** The Kubeflow Pipelines API over HTTP, and a JSON 404 for everything else below `/apis`: a shim over `server/rest`. */
import { answerKubeflow } from "@/server/rest/handler";

export const dynamic = "force-dynamic";
export const runtime = "nodejs";

const answer = (request: Request): Promise<Response> => answerKubeflow(request);

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
