/** Everything the start of a run reads and writes, prepared: thousands of runs a second are accepted through here. */
import type { Db } from "@/db/client";
import type { JsonValue } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { FileMode, RunExtent, RunOrigin } from "@/server/domain/views/runs";
import type { NamedRef } from "@/server/domain/views/shared";
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
  readonly pipelineCache: "use" | "ignore" | null;
  /** The profile that its pipeline names for runs that name none. */
  readonly pipelineProfile: string | null;
  readonly fileMode: FileMode | null;
}

/** A profile as it goes along with a run: its name, and its settings as they stand now, as JSON. */
export interface StartProfile {
  readonly name: string;
  readonly settings: string;
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
  readonly priority: number;
  readonly origin: RunOrigin;
  readonly clonedFromKey: number | null;
  readonly profileSettings: string;
  readonly fileMode: FileMode;
  readonly extent: RunExtent;
  readonly stopsOnFailure: boolean;
  readonly cache: "use" | "ignore";
  readonly cacheOff: readonly string[];
  readonly serviceAccount: string;
  readonly pipelineRoot: string;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  /** Made for the archive, as the Kubeflow API may ask. */
  readonly isArchived: boolean;
  /** What came for plugins; null for none. */
  readonly plugins: { readonly [name: string]: JsonValue } | null;
  readonly recurringRunKey: number | null;
  /** Why it is kept back; null for a run that may begin. */
  readonly heldFor: Reason | null;
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
       p.display_name as pipelineTitle, p.cache as pipelineCache, p.profile as pipelineProfile, p.file_mode as fileMode
     from version v left join pipeline p on p.key = v.pipeline_key
     where v.id = ? and v.deleted_at is null and p.deleted_at is null`,
  );
  const experiment = client.prepare("select key, id, name from experiment where id = ? and deleted_at is null");
  const defaultExperiment = client.prepare(
    "select key, id, name from experiment where is_default = 1 and deleted_at is null",
  );
  const settings = `select name, json_object('executor', executor, 'graceMs', grace_ms, 'python', python,
       'environment', json(environment), 'capacity', capacity, 'imageMap', json(image_map),
       'workingDirectory', working_directory, 'limits', json(limits), 'container', json(container),
       'runsWithoutMounts', json(iif(runs_without_mounts, 'true', 'false'))) as settings from profile`;
  const profile = client.prepare(`${settings} where name = ?`);
  const defaultProfile = client.prepare(`${settings} where is_default = 1 order by key limit 1`);
  const source = client.prepare("select key, id, name from run where id = ? and deleted_at is null");
  const hasRun = client.prepare("select 1 from run where id = ?").pluck();
  const insert = client.prepare(
    `insert into run (id, name, description, state, version_key, pipeline_key, pipeline_name, experiment_key, profile,
       priority, profile_settings, file_mode, extent, stops_on_failure, origin, cloned_from_key, cache, cache_off,
       service_account, pipeline_root, created_at, scheduled_at, archived_at, recurring_run_key, is_held, reason)
     values (?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const parameter = client.prepare(
    "insert into run_parameter (run_key, name, is_given, raw, value) values (?, ?, ?, ?, ?)",
  );
  const notice = client.prepare("insert into run_notice (run_key, code, message, step) values (?, ?, ?, ?)");
  const plugins = client.prepare("insert into run_plugins (run_key, input) values (?, ?)");
  const touch = client.prepare("update experiment set last_run_at = ? where key = ? and coalesce(last_run_at, 0) < ?");
  const event = client.prepare(
    "insert into event (at, topic, subject, kind, data) values (?, 'run', ?, 'created', '{\"state\":\"pending\"}')",
  );
  return {
    version: (id: string) => version.get(id) as StartVersion | undefined,
    experiment: (id: string) => experiment.get(id) as KeyedRef | undefined,
    defaultExperiment: () => defaultExperiment.get() as KeyedRef | undefined,
    profile: (name: string | undefined) =>
      (name === undefined ? defaultProfile.get() : profile.get(name)) as StartProfile | undefined,
    /** The run that another one is cloned from. */
    source: (id: string) => source.get(id) as KeyedRef | undefined,
    /** Whether any run, deleted or not, has this id. */
    hasRun: (id: string) => hasRun.get(id) !== undefined,
    /** Adds a run with its parameters and notices, notes it on its experiment, announces it and returns its key. */
    insert(row: NewRun): number {
      const { lastInsertRowid: key } = insert.run(
        row.id,
        row.name,
        row.description,
        row.versionKey,
        row.pipelineKey,
        row.pipelineName,
        row.experimentKey,
        row.profile,
        row.priority,
        row.profileSettings,
        row.fileMode,
        JSON.stringify(row.extent),
        row.stopsOnFailure ? 1 : 0,
        row.origin,
        row.clonedFromKey,
        row.cache,
        JSON.stringify(row.cacheOff),
        row.serviceAccount,
        row.pipelineRoot,
        row.createdAtMs,
        row.scheduledAtMs,
        row.isArchived ? row.createdAtMs : null,
        row.recurringRunKey,
        row.heldFor === null ? 0 : 1,
        row.heldFor === null ? null : JSON.stringify(row.heldFor),
      );
      for (const { name, isGiven, raw, value } of row.parameters) {
        parameter.run(key, name, isGiven ? 1 : 0, JSON.stringify(raw), JSON.stringify(value));
      }
      for (const { code, message, step } of row.notices) notice.run(key, code, message, step);
      if (row.plugins !== null) plugins.run(key, JSON.stringify(row.plugins));
      touch.run(row.createdAtMs, row.experimentKey, row.createdAtMs);
      event.run(row.createdAtMs, row.id);
      return Number(key);
    },
  };
}

/** The statements that start runs on this connection. */
export const startQueries = preparedFor(prepareStart);
