/** Finds what an argument means: an id, the beginning of one, or a name, told by the server in one question. */
import { type ReferenceNoun, type ReferenceView, SHORTEST_BEGINNING } from "@/server/domain/references";
import type { Connection } from "./connection";
import { CommandError, EXIT, refused } from "./exit";
import { columns } from "./output";

interface FindOptions {
  /** Also what was deleted, for what brings it back. */
  readonly deleted?: boolean;
}

const HINTS: { readonly [noun in ReferenceNoun]: string } = {
  run: "`penstock runs list` shows those there are.",
  pipeline: "`penstock pipelines list` shows those there are.",
  experiment: "`penstock experiments list` shows those there are.",
};

function noneMeant(noun: ReferenceNoun, given: string): CommandError {
  const isShort = /^[\da-f-]+$/i.test(given) && given.length < SHORTEST_BEGINNING;
  const hint = isShort ? `Give at least ${SHORTEST_BEGINNING} characters of an id. ` : "";
  return new CommandError(EXIT.refused, "not-found", `There is no ${noun} ${given}. ${hint}${HINTS[noun]}`);
}

function severalMeant(noun: ReferenceNoun, given: string, items: readonly ReferenceView[], isCut: boolean) {
  const rows = items.map(({ id, name, state, createdAt }) => [`  ${id}`, state ?? "", createdAt.slice(0, 19), name]);
  const more = isCut ? "\n  …" : "";
  return refused(`${given} may be any of these ${noun}s. Give the id.\n${columns(rows)}${more}`);
}

/** What the text means, null when nothing. Throws when it may be several. */
export async function findMeant(
  { api }: Connection,
  noun: ReferenceNoun,
  given: string,
  { deleted = false }: FindOptions = {},
): Promise<ReferenceView | null> {
  const { items, isCut } = await api.references.find.query({ noun, text: given, deleted });
  const [only, ...others] = items;
  if (only === undefined) return null;
  if (others.length > 0) throw severalMeant(noun, given, items, isCut);
  return only;
}

/** The id that the text means. Throws when it means none or several. */
export async function idOf(
  connection: Connection,
  noun: ReferenceNoun,
  given: string,
  options?: FindOptions,
): Promise<string> {
  const found = await findMeant(connection, noun, given, options);
  if (found === null) throw noneMeant(noun, given);
  return found.id;
}
