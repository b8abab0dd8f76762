/** What may be meant by a text that names something: the schema of the request. */
import { z } from "zod";
import { REFERENCE_NOUNS } from "../references";
import { MAX_NAME } from "./shared";

/** What may be meant by an id, the beginning of one, or a name. */
export const FindReferencesInput = z.object({
  noun: z.enum(REFERENCE_NOUNS),
  text: z.string().min(1, "Give an id or a name.").max(MAX_NAME, `Ids and names have at most ${MAX_NAME} characters.`),
  /** Deleted ones too. */
  deleted: z.boolean().default(false),
});
export type FindReferencesInput = z.infer<typeof FindReferencesInput>;
