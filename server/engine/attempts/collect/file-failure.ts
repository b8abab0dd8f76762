/** The reason of a failed file step: the failing cell of a notebook, and the declaration that an isolated step lacks. */
import type { FileBody } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { DataDir } from "@/server/platform/data-dir";
import type { AttemptRequest } from "../contract";
import type { AttemptPaths } from "../launch/plan";
import { missingDeclaration } from "./missing-declaration";
import { notebookFailure } from "./notebook-events";

/** Makes the reason of an exit code more exact; any other stays as it is. `tail` is the end of the log. */
export async function fileFailure(
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  reason: Reason,
  tail: string,
  dataDir: DataDir,
): Promise<Reason> {
  if (reason.code !== "exit-code") return reason;
  const failure = body.runner === "notebook" ? notebookFailure(paths) : null;
  const told: Reason =
    failure === null
      ? reason
      : { ...reason, message: failure.message, ...(failure.cell === null ? {} : { subject: { cell: failure.cell } }) };
  const lacking = await missingDeclaration(request, body, paths, dataDir, tail);
  if (lacking === null) return told;
  const message = `${told.message.replace(/\.?$/, ".")} An isolated step sees only what is declared, and ${lacking.file} is not. ${lacking.advice}`;
  return { ...told, code: "missing-file", message, subject: told === reason ? lacking.file : told.subject };
}
