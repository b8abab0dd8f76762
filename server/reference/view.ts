/** The reference as its page shows it: the document, and the tables of errors and states beside it. */

import { ERROR_CODES, HTTP_STATUS } from "@/server/domain/problem-error";
import type { ReferenceView } from "@/server/domain/reference";
import { STATUS } from "@/server/rest/errors";
import { RUN_STATE, TASK_STATE } from "@/server/rest/states";
import { openApiDocument } from "./document";

/** Everything the page needs; it never changes while the server runs. */
export const referenceView = (version: string): ReferenceView => ({
  document: openApiDocument(version),
  errors: ERROR_CODES.map((code) => ({
    code,
    http: HTTP_STATUS[code],
    kubeflowCode: STATUS[code].grpc,
    kubeflowHttp: STATUS[code].http,
  })),
  states: [
    ...Object.entries(RUN_STATE).map(([state, word]) => ({ of: "run" as const, state, word })),
    ...Object.entries(TASK_STATE).map(([state, word]) => ({ of: "task" as const, state, word })),
  ],
});
