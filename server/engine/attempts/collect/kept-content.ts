/** Measures what is to be kept as an artifact, or refuses it in words that say what to do. */

import { assertNever } from "@/server/domain/assert-never";
import { byteText } from "@/server/domain/bytes";
import { type CollectTools, OutputRefusal } from "./collect-tools";
import type { Measured } from "./measure";

/** Size and digest of a file or a folder, read-only from now on; null where there is none. Throws `OutputRefusal`. */
export async function keptContent(
  path: string,
  what: string,
  subject: string,
  { measure, setting }: Pick<CollectTools, "measure" | "setting">,
): Promise<Measured | null> {
  const maxBytes = setting("max-artifact-bytes");
  const found = await measure(path, { maxBytes });
  switch (found.is) {
    case "measured":
      return found;
    case "absent":
      return null;
    case "other":
      throw new OutputRefusal(
        "bad-output",
        `${what} is ${found.kind}. Only regular files and folders are kept.`,
        subject,
      );
    case "too-large":
      throw new OutputRefusal("too-large", tooLarge(what, found.bytes, maxBytes, "max-artifact-bytes"), subject);
    case "too-many":
      throw new OutputRefusal(
        "too-large",
        `${what} holds more than ${found.files.toLocaleString("en")} files. Pack them into one, such as a tar archive.`,
        subject,
      );
    default:
      return assertNever(found);
  }
}

/** The sentence about something larger than a setting allows. */
export const tooLarge = (what: string, bytes: number, limit: number, setting: string): string =>
  `${what} has ${byteText(bytes)}; ${byteText(limit)} are allowed. Make it smaller, or raise the setting ${setting}.`;
