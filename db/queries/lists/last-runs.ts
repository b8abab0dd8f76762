/** How the last runs of an owner went, read beside its row by the index that has its runs in order. */
import { type SQL, sql } from "drizzle-orm";
import { run } from "@/db/schema";
import type { RunState } from "@/server/domain/states";

export interface RecentRun {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
}

/** Enough to see a habit, few enough to stand in a row. */
const LAST_RUNS = 5;

/** The newest runs `r` for which `isOwn` holds, the newest first; those in the trash are left out. */
export const lastRunsOf = (isOwn: SQL): SQL<readonly RecentRun[]> =>
  sql`(select json_group_array(json_object('id', l.id, 'name', l.name, 'state', l.state))
    from (select r.id, r.name, r.state from ${run} r where ${isOwn} and r.deleted_at is null
      order by r.created_at desc, r.key desc limit ${LAST_RUNS}) l)`.mapWith((text: string) => JSON.parse(text)) as SQL<
    readonly RecentRun[]
  >;
