/** What clients may ask of lists of tasks and artifacts, and of what is kept beside lists: one zod schema per request. */
import { z } from "zod";
import { Filter } from "../lists/filter-schema";
import { LIST_NAMES } from "../lists/list-names";
import { ARTIFACT_SORTS, TASK_SORTS } from "../lists/task-fields";
import { Direction, Id, Name, Page } from "./shared";

/** Values of a field that hold `part`. */
export const SuggestInput = z.object({ field: z.string().min(1).max(1_100), part: z.string().max(200).default("") });
export type SuggestInput = z.infer<typeof SuggestInput>;

const recordList = <Sorts extends readonly [string, ...string[]]>(sorts: Sorts) =>
  z.object({
    filter: Filter.optional(),
    sort: z.enum(sorts).default(sorts[0]),
    direction: Direction.default("desc"),
    ...Page,
  });
export const ListExecutionsInput = recordList(TASK_SORTS);
export type ListExecutionsInput = z.infer<typeof ListExecutionsInput>;
export const SearchArtifactsInput = recordList(ARTIFACT_SORTS);
export type SearchArtifactsInput = z.infer<typeof SearchArtifactsInput>;

const ViewQuery = z.string().max(16_000, "This view is too long to be kept.");
export const ListViewsInput = z.object({ list: z.enum(LIST_NAMES) });
export type ListViewsInput = z.infer<typeof ListViewsInput>;
export const SaveViewInput = z.object({ id: Id.optional(), list: z.enum(LIST_NAMES), name: Name, query: ViewQuery });
export type SaveViewInput = z.infer<typeof SaveViewInput>;
export const ShortenLinkInput = z.object({
  /** Path and query inside Penstock; nothing that a browser takes for another place. */
  address: z
    .string()
    .max(32_000)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
    .regex(/^\/(?![\\/])[^\u0000-\u0020\\]*$/, "Only addresses inside Penstock have short links."),
});
export type ShortenLinkInput = z.infer<typeof ShortenLinkInput>;
