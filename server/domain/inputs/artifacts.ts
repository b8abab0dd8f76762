/** What clients may ask of artifacts: one zod schema per request. */
import { z } from "zod";
import { Id, Page, Search } from "./shared";

export const ListArtifactsInput = z.object({
  runId: Id.optional(),
  type: z.string().min(1).max(255).optional(),
  search: Search.optional(),
  ...Page,
});
export type ListArtifactsInput = z.infer<typeof ListArtifactsInput>;

export const GetArtifactInput = z.object({ id: z.number().int().positive() });
export type GetArtifactInput = z.infer<typeof GetArtifactInput>;
