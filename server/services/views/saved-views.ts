/** Views of lists that are kept under a name: what stands in the address, to be opened again. */
import { findView, insertView, type SavedViewRow, updateView, viewsOf } from "@/db/queries/saved-views";
import { newId } from "@/server/domain/ids";
import type { SaveViewInput } from "@/server/domain/inputs/lists";
import type { ListName } from "@/server/domain/lists/list-names";
import { ProblemError } from "@/server/domain/problem-error";
import type { SavedView } from "@/server/domain/views/lists";
import type { Context } from "../context";
import { write } from "../grouped-writes";

const viewOf = ({ id, list, name, query }: SavedViewRow): SavedView => ({ id, list, name, query });

/** The views of a list by name. */
export const listViews = (context: Context, list: ListName): SavedView[] => viewsOf(context.db, list).map(viewOf);

function rowOf(context: Context, id: string): SavedViewRow {
  const row = findView(context.db, id);
  if (row === undefined) throw new ProblemError("not-found", "This view is gone. Save it anew under its name.");
  return row;
}

/** Makes a view, or changes the one with this id. Throws `conflict` when another one of the list has the name. */
export async function saveView(context: Context, input: SaveViewInput): Promise<SavedView> {
  const id = input.id ?? newId();
  const at = context.now();
  const known = input.id === undefined ? undefined : rowOf(context, input.id);
  const list = known?.list ?? input.list;
  await write(context.db, (tx) => {
    const holder = viewsOf(tx, list).find(({ name }) => name === input.name);
    if (holder !== undefined && holder.id !== id) {
      throw new ProblemError("conflict", `There is a view named ${input.name} already. Choose another name.`);
    }
    const change = { name: input.name, query: input.query, updatedAt: at };
    if (known === undefined) insertView(tx, { id, list, createdAt: at, ...change });
    else updateView(tx, id, { ...change, deletedAt: null });
  });
  return { id, list, name: input.name, query: input.query };
}

/** Hides a view; it can be brought back. Throws `not-found`. */
export async function deleteView(context: Context, id: string): Promise<SavedView> {
  const row = rowOf(context, id);
  await write(context.db, (tx) => updateView(tx, id, { deletedAt: context.now() }));
  return viewOf(row);
}

/** Brings a deleted view back, as long as its name is free. */
export const restoreView = (context: Context, id: string): Promise<SavedView> =>
  saveView(context, viewOf(rowOf(context, id)));
