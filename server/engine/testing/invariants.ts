/** Watches a test's database: every change of state is written down and must be one that the tables of states know. */
import type { Db } from "@/db/client";
import { ATTEMPT_MOVES, RUN_MOVES, RUN_RETRY_MOVES, TASK_MOVES, TASK_RETRY_MOVES } from "@/server/domain/states";

type Moves = { readonly [state: string]: readonly string[] };

const TABLES: { readonly [table: string]: Moves } = { run: RUN_MOVES, task: TASK_MOVES, attempt: ATTEMPT_MOVES };

/** The moves that a retry makes, each for itself. */
const RETRIES: { readonly [table: string]: Moves } = { run: RUN_RETRY_MOVES, task: TASK_RETRY_MOVES };

/** States that can be reached from each; one commit may hold several moves. */
function reachable(moves: Moves, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (state: string): void => {
    for (const next of moves[state] ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      look(next);
    }
  };
  look(from);
  return found;
}

/** Starts writing down changes of state. */
export function watchStates(db: Db): void {
  db.$client.exec("create temp table state_change (entity text, key integer, was text, becomes text)");
  for (const table of Object.keys(TABLES)) {
    db.$client.exec(`create temp trigger watch_${table} after update of state on main.${table} when old.state <> new.state
      begin insert into state_change values ('${table}', old.key, old.state, new.state); end`);
  }
}

/** The changes that no table of states allows; those of a retry are allowed where one was asked for. */
export function illegalChanges(db: Db, { isRetried = false } = {}): string[] {
  const isRetry = (entity: string, was: string, becomes: string): boolean =>
    isRetried && (RETRIES[entity]?.[was] ?? []).includes(becomes);
  const rows = db.$client.prepare("select distinct entity, was, becomes from state_change").all() as {
    entity: string;
    was: string;
    becomes: string;
  }[];
  return rows
    .filter(({ entity, was, becomes }) => !isRetry(entity, was, becomes))
    .filter(({ entity, was, becomes }) => !reachable(TABLES[entity] ?? {}, was).has(becomes))
    .map(({ entity, was, becomes }) => `${entity}: ${was} → ${becomes}`);
}
