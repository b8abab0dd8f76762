/** Finds what people mean by an id, the beginning of one, or a name. */
import { type ReferenceRow, type ReferenceWay, referenceRows } from "@/db/queries/references";
import { ID_PATTERN } from "@/server/domain/ids";
import type { FindReferencesInput } from "@/server/domain/inputs/references";
import { type ReferencesView, SHORTEST_BEGINNING } from "@/server/domain/references";
import type { Context } from "../context";

/** Enough to say what a text may mean. */
const MAX_MEANT = 10;

/** A whole id means that one alone; else everything that begins or is named like it, the newest first. */
export function findReferences(context: Context, { noun, text, deleted }: FindReferencesInput): ReferencesView {
  const rows = (way: ReferenceWay): ReferenceRow[] =>
    referenceRows(context.db, noun, way, text, { deleted, limit: MAX_MEANT + 1 });
  const isIdLike = ID_PATTERN.test(text);
  const whole = isIdLike ? rows("id") : [];
  const begun = whole.length === 0 && isIdLike && text.length >= SHORTEST_BEGINNING ? rows("beginning") : [];
  const named = whole.length === 0 ? rows("name") : [];
  const meant = new Map([...whole, ...begun, ...named].map((row) => [row.id, row]));
  const newest = [...meant.values()].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return {
    items: newest.slice(0, MAX_MEANT).map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
    isCut: newest.length > MAX_MEANT,
  };
}
