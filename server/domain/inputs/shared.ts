/** What requests are made of: ids, names, texts and pages, each with its limit and what is said beyond it. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import { ID_PATTERN } from "../ids";
import { MAX_PRIORITY } from "../queue/priority";

const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;
export const MAX_NAME = 128;
const MAX_DESCRIPTION = 10_000;
const MAX_BULK = 1_000;
const MAX_TAGS = 20;
const MAX_TAG = 63;

export const Id = z.string().regex(ID_PATTERN, "This is not an id. Take one from a list or from a link.");

/** Names are one line of text: what a person reads in a list, never a path. */
export const Name = z
  .string()
  .trim()
  .min(1, "Give it a name.")
  .max(MAX_NAME, `Keep the name to ${MAX_NAME} characters.`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, "A name is one line without control characters.");
export const Description = z.string().max(MAX_DESCRIPTION, `Keep the description to ${MAX_DESCRIPTION} characters.`);
export const Search = z.string().trim().max(200, "Search for at most 200 characters.");
export const Json: z.ZodType<JsonValue, JsonValue> = z.json();

export const Page = {
  cursor: z.string().max(4_096).nullish(),
  limit: z.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
};
export const Direction = z.enum(["asc", "desc"]);

export const ById = z.object({ id: Id });
export type ById = z.infer<typeof ById>;

export const ByIds = z.object({ ids: z.array(Id).min(1, "Choose at least one run.").max(MAX_BULK) });
export type ByIds = z.infer<typeof ByIds>;

/** Labels of a pipeline or a run: few, short, and without the dot that filters use as a separator. */
export const Tags = z
  .record(
    z
      .string()
      .min(1, "A tag needs a name.")
      .max(MAX_TAG, `Keep a tag's name to ${MAX_TAG} characters.`)
      .regex(/^[^.]*$/, "A tag's name cannot hold a dot."),
    z.string().max(MAX_TAG, `Keep a tag's value to ${MAX_TAG} characters.`),
  )
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `At most ${MAX_TAGS} tags fit.`);
export type Tags = z.infer<typeof Tags>;

export const Cache = z.enum(["use", "ignore"]);

export const StepPath = z.string().min(1).max(4_096);
export const MetricName = z.string().min(1).max(1_024);

/** Steps of a higher priority come first under their profile; 0 is the ordinary one. */
export const Priority = z.number().int().min(-MAX_PRIORITY).max(MAX_PRIORITY);

/** A name as Kubernetes writes those of secrets, config maps and claims. */
export const ResourceName = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/,
    "Use lower-case letters, digits, dots and dashes; begin and end with a letter or digit.",
  );

export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "This is no name of an environment variable.");

export const ByName = z.object({ name: z.string().min(1).max(253) });
export type ByName = z.infer<typeof ByName>;
