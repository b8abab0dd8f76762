/** Holds what clients were told against the rows: every accepted run is there once, and every accepted change is in it. */
import { openDatabase } from "@/db/client";
import { type TestServer, until } from "../support/server";

/** What was accepted with 200. */
export interface ClientsJournal {
  /** Ids that were answered for each name; asked twice with one key, there are two answers. */
  readonly created: Map<string, readonly string[]>;
  readonly terminated: string[];
  readonly archived: string[];
  readonly deleted: string[];
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly isAsked: number;
  readonly isArchived: number;
  readonly isDeleted: number;
}

/** Everything that is lost, doubled or only half done. */
export async function lostOrDoubled(server: TestServer, journal: ClientsJournal): Promise<string[]> {
  const db = openDatabase(server.files.database, { readonly: true });
  try {
    const rows = db.$client.prepare<[], Row>(
      `select id, name, state, cancel_requested_at is not null as isAsked, archived_at is not null as isArchived,
         deleted_at is not null as isDeleted
       from run where name like 'client-%'`,
    );
    const open = db.$client.prepare(
      "select count(*) from run where cancel_requested_at is not null and state in ('pending', 'running', 'canceling')",
    );
    await until("runs that were terminated to end", () => open.pluck().get() === 0, 60_000, 200);
    return [...compared(rows.all(), journal)];
  } finally {
    db.$client.close();
  }
}

function* compared(rows: readonly Row[], journal: ClientsJournal): Iterable<string> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const names = new Map<string, number>();
  for (const { name } of rows) names.set(name, (names.get(name) ?? 0) + 1);
  for (const [name, count] of names) {
    if (count > 1) yield `${name} was made ${count} times`;
    if (!journal.created.has(name)) yield `${name} is there, but nobody was told so`;
  }
  for (const [name, ids] of journal.created) {
    if (new Set(ids).size !== 1) yield `${name} was told as ${ids.join(" and ")}`;
    for (const id of new Set(ids)) if (byId.get(id)?.name !== name) yield `${name} (${id}) was accepted and is lost`;
  }
  for (const id of journal.terminated) {
    const row = byId.get(id);
    if (!row?.isAsked && !["succeeded", "failed", "canceled"].includes(row?.state ?? ""))
      yield `${id} goes on terminated`;
  }
  for (const id of journal.archived) if (!byId.get(id)?.isArchived) yield `${id} was archived and is not`;
  for (const id of journal.deleted) if (!byId.get(id)?.isDeleted) yield `${id} was deleted and is there`;
}
