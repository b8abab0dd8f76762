/** Ends answers that are still under way when the credential that opened the door for them no longer does. */
import type { ServerResponse } from "node:http";

const LOOKS_EVERY_MS = 2_000;

/** Cuts `response` within seconds of `isValid` saying no: streams of changes, long downloads and uploads. */
export function endWithCredential(response: ServerResponse, isValid: () => boolean): void {
  const timer = setInterval(() => {
    if (!isValid()) response.destroy();
  }, LOOKS_EVERY_MS);
  response.once("close", () => clearInterval(timer));
}
