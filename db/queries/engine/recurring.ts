/** The engine's statements on recurring runs: what is due, and what is stored once it is settled. */
import type { Db } from "@/db/client";
import type { JsonValue } from "@/pipelines/graph";
import type { CatchUp, Overlap, TriggerKind } from "@/server/domain/recurrence/words";
import { fromText } from "./json";

/** What the engine needs of a recurring run. */
export interface DueRow {
  readonly key: number;
  readonly id: string;
  readonly triggerKind: TriggerKind;
  readonly cron: string | null;
  readonly intervalMs: number | null;
  readonly timeZone: string;
  readonly anchorAtMs: number;
  readonly endAtMs: number | null;
  readonly nextAtMs: number;
  readonly maxConcurrency: number;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly profile: string | null;
  readonly priority: number;
  readonly cache: "use" | "ignore" | null;
  readonly serviceAccount: string;
  readonly pipelineRoot: string;
  readonly pluginsInput: { readonly [plugin: string]: JsonValue };
  readonly tags: { readonly [name: string]: string };
  readonly runNameBase: string;
  readonly runCount: number;
  /** The pinned version, else the newest one of the pipeline; null when there is none. */
  readonly versionId: string | null;
  /** Null when it was deleted. */
  readonly experimentId: string | null;
}

type StoredRow = Omit<DueRow, "parameters" | "tags" | "pluginsInput"> & {
  readonly parameters: string;
  readonly tags: string;
  readonly pluginsInput: string;
};

const DUE = "is_enabled = 1 and deleted_at is null and next_at is not null";
const COLUMNS = `r.key, r.id, r.trigger_kind as triggerKind, r.cron, r.interval_ms as intervalMs,
  r.time_zone as timeZone, r.anchor_at as anchorAtMs, r.end_at as endAtMs, r.next_at as nextAtMs,
  r.max_concurrency as maxConcurrency, r.overlap, r.catch_up as catchUp, r.parameters, r.profile, r.priority, r.cache,
  r.service_account as serviceAccount, r.pipeline_root as pipelineRoot, r.plugins_input as pluginsInput,
  r.tags, r.run_name_base as runNameBase, r.run_count as runCount,
  (select v.id from version v where v.deleted_at is null and iif(r.version_key is null,
     v.pipeline_key = r.pipeline_key, v.key = r.version_key) order by v.number desc limit 1) as versionId,
  (select e.id from experiment e where e.key = r.experiment_key and e.deleted_at is null) as experimentId`;

function asRow(row: StoredRow): DueRow {
  return {
    ...row,
    parameters: fromText<DueRow["parameters"]>(row.parameters) ?? {},
    tags: fromText<DueRow["tags"]>(row.tags) ?? {},
    pluginsInput: fromText<DueRow["pluginsInput"]>(row.pluginsInput) ?? {},
  };
}

/** Statements on recurring runs, prepared once for a database. */
export function recurringQueries(db: Db) {
  const sql = db.$client;
  const next = sql.prepare(`select min(next_at) from recurring_run where ${DUE}`).pluck();
  const due = sql
    .prepare(`select key from recurring_run where ${DUE} and next_at <= ? order by next_at, key limit ?`)
    .pluck();
  const find = sql.prepare(`select ${COLUMNS} from recurring_run r where r.key = ?`);
  const cap = sql.prepare("select max_concurrency from recurring_run where key = ?").pluck();
  const isFull = sql
    .prepare(
      `select r.max_concurrency <= (select count(*) from run where recurring_run_key = r.key and is_held = 0
         and state in ('pending', 'running', 'canceling')) from recurring_run r where r.key = ?`,
    )
    .pluck();
  const settle = sql.prepare("update recurring_run set next_at = ?, run_count = ? where key = ?");
  const disable = sql.prepare(
    "update recurring_run set is_enabled = 0, disabled_reason = ?, updated_at = ? where key = ?",
  );
  const change = sql.prepare(
    "insert into recurring_change (recurring_run_key, at, kind, changed_by, reason) values (?, ?, 'disabled', null, ?)",
  );
  const event = sql.prepare(
    "insert into event (at, topic, subject, kind, data) values (?, 'recurring-run', ?, ?, '{}')",
  );
  return {
    /** The next moment at which anything is due. */
    nextMs: () => next.get() as number | null,
    /** Keys of the recurring runs that are due, the longest overdue first. */
    due: (nowMs: number, limit: number) => due.all(nowMs, limit) as number[],
    find(key: number): DueRow | undefined {
      const row = find.get(key) as StoredRow | undefined;
      return row && asRow(row);
    },
    maxConcurrency: (key: number) => (cap.get(key) as number | undefined) ?? 1,
    /** Whether as many runs are active as may be. */
    isFull: (key: number) => isFull.get(key) === 1,
    settle: (key: number, nextAtMs: number | null, runCount: number) => settle.run(nextAtMs, runCount, key),
    disable(key: number, reason: string, nowMs: number): void {
      disable.run(reason, nowMs, key);
      change.run(key, nowMs, reason);
    },
    announce: (nowMs: number, id: string, kind: "slots" | "disabled") => event.run(nowMs, id, kind),
  };
}

export type RecurringQueries = ReturnType<typeof recurringQueries>;
