/** Everything the start of a run reads and writes, prepared: thousands of runs a second are accepted through here. */
import type { Db } from "@/db/client";
import type { JsonValue } from "@/pipelines/graph";
import type { NamedRef, RunOrigin } from "@/server/domain/views";
import { preparedFor } from "./statements";

export interface KeyedRef extends NamedRef {
  readonly key: number;
}

/** A version that may be started: neither it nor its pipeline was deleted. */
export interface StartVersion {
  readonly key: number;
  readonly id: string;
  readonly number: number;
  readonly digest: string;
  readonly pipelineKey: number | null;
  readonly pipelineId: string | null;
  readonly pipelineTitle: string | null;
}

export interface NewRun {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly versionKey: number;
  readonly pipelineKey: number | null;
  readonly pipelineName: string;
  readonly experimentKey: number;
  readonly profile: string;
  readonly origin: RunOrigin;
  readonly clonedFromKey: number | null;
  readonly cache: "use" | "ignore";
  readonly serviceAccount: string;
  readonly pipelineRoot: string;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  readonly idempotencyKey: string | null;
  readonly parameters: readonly {
    readonly name: string;
    readonly isGiven: boolean;
    readonly raw: JsonValue;
    readonly value: JsonValue;
  }[];
  readonly notices: readonly { readonly code: string; readonly message: string; readonly step: string | null }[];
}

function prepareStart({ $client: client }: Db) {
  const version = client.prepare(
    `select v.key, v.id, v.number, v.digest, v.pipeline_key as pipelineKey, p.id as pipelineId,
       p.display_name as pipelineTitle
     from version v left join pipeline p on p.key = v.pipeline_key
     where v.id = ? and v.deleted_at is null and p.deleted_at is null`,
  );
  const experiment = client.prepare("select key, id, name from experiment where id = ? and deleted_at is null");
  const defaultExperiment = client.prepare(
    "select key, id, name from experiment where is_default = 1 and deleted_at is null",
  );
  const profile = client.prepare("select name from profile where name = ?").pluck();
  const defaultProfile = client.prepare("select name from profile where is_default = 1 order by key limit 1").pluck();
  const source = client.prepare("select key, id, name from run where id = ? and deleted_at is null");
  const hasRun = client.prepare("select 1 from run where id = ?").pluck();
  const earlier = client.prepare("select id from run where idempotency_key = ?").pluck();
  const insert = client.prepare(
    `insert into run (id, name, description, state, version_key, pipeline_key, pipeline_name, experiment_key, profile,
       origin, cloned_from_key, cache, service_account, pipeline_root, created_at, scheduled_at, idempotency_key)
     values (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const parameter = client.prepare(
    "insert into run_parameter (run_key, name, is_given, raw, value) values (?, ?, ?, ?, ?)",
  );
  const notice = client.prepare("insert into run_notice (run_key, code, message, step) values (?, ?, ?, ?)");
  const touch = client.prepare("update experiment set last_run_at = ? where key = ? and coalesce(last_run_at, 0) < ?");
  const event = client.prepare(
    "insert into event (at, topic, subject, kind, data) values (?, 'run', ?, 'created', '{\"state\":\"pending\"}')",
  );
  return {
    version: (id: string) => version.get(id) as StartVersion | undefined,
    experiment: (id: string) => experiment.get(id) as KeyedRef | undefined,
    defaultExperiment: () => defaultExperiment.get() as KeyedRef | undefined,
    profile: (name: string | undefined) =>
      (name === undefined ? defaultProfile.get() : profile.get(name)) as string | undefined,
    /** The run that another one is cloned from. */
    source: (id: string) => source.get(id) as KeyedRef | undefined,
    /** Whether any run, deleted or not, has this id. */
    hasRun: (id: string) => hasRun.get(id) !== undefined,
    /** The run that was made under an idempotency key. */
    earlier: (idempotencyKey: string) => earlier.get(idempotencyKey) as string | undefined,
    /** Adds a run with its parameters and notices, notes it on its experiment and announces it. */
    insert(row: NewRun): void {
      const { lastInsertRowid: key } = insert.run(
        row.id,
        row.name,
        row.description,
        row.versionKey,
        row.pipelineKey,
        row.pipelineName,
        row.experimentKey,
        row.profile,
        row.origin,
        row.clonedFromKey,
        row.cache,
        row.serviceAccount,
        row.pipelineRoot,
        row.createdAtMs,
        row.scheduledAtMs,
        row.idempotencyKey,
      );
      for (const { name, isGiven, raw, value } of row.parameters) {
        parameter.run(key, name, isGiven ? 1 : 0, JSON.stringify(raw), JSON.stringify(value));
      }
      for (const { code, message, step } of row.notices) notice.run(key, code, message, step);
      touch.run(row.createdAtMs, row.experimentKey, row.createdAtMs);
      event.run(row.createdAtMs, row.id);
    },
  };
}

/** The statements that start runs on this connection. */
export const startQueries = preparedFor(prepareStart);
