/** The flags of `penstock recurring create` as a request. */
import type { z } from "zod";
import type { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { durationMs } from "@/server/domain/recurrence/cron-text";
import type { CatchUp, Overlap } from "@/server/domain/recurrence/words";
import type { Connection } from "./connection";
import { refused } from "./exit";
import { pairOf } from "./pairs";
import { readParameters } from "./parameters";
import { readPriority } from "./priority";
import { idOf } from "./references";
import { versionOf } from "./versions";

type Request = z.input<typeof CreateRecurringRunInput>;

export interface CreateOptions {
  readonly pipeline: string;
  readonly version?: string;
  readonly every?: string;
  readonly cron?: string;
  readonly once?: boolean;
  readonly zone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly maxConcurrency?: string;
  readonly overlap?: Overlap;
  readonly catchUp?: CatchUp;
  readonly param?: readonly string[];
  readonly tag?: readonly string[];
  readonly experiment?: string;
  readonly profile?: string;
  readonly priority?: string;
  readonly cache?: boolean;
  readonly disabled?: boolean;
}

function triggerOf({ every, cron, once }: CreateOptions): Request["trigger"] {
  const given = [every, cron, once].filter((one) => one !== undefined);
  if (given.length !== 1) throw refused("Say when it is due: one of --every, --cron and --once.");
  if (cron !== undefined) return { kind: "cron", cron };
  if (every === undefined) return { kind: "none" };
  const ms = durationMs(every);
  if (ms === null || ms < 1_000 || ms % 1_000 !== 0) {
    throw refused(`--every ${every}: write whole seconds such as 90s or 1h30m.`);
  }
  return { kind: "interval", seconds: ms / 1_000 };
}

function momentOf(option: string, text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw refused(`${option} ${text}: write a moment such as 2026-12-01T09:00:00Z.`);
  return new Date(ms).toISOString();
}

function concurrencyOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count)) throw refused("--max-concurrency is a number from 1 to 10.");
  return count;
}

/** Reads the flags; names are found on the server. Throws what is wrong with them. */
export async function requestOf(connection: Connection, name: string, options: CreateOptions): Promise<Request> {
  const { zone, start, end, maxConcurrency, overlap, catchUp, param, tag, experiment, profile, priority } = options;
  const trigger = triggerOf(options);
  const pipelineId = await idOf(connection, "pipeline", options.pipeline);
  const version = await versionOf(connection, pipelineId, options.version);
  return {
    name,
    pipelineId,
    ...(options.version !== undefined && { versionId: version.id }),
    trigger,
    parameters: readParameters(version.graph.parameters, param ?? []),
    isEnabled: options.disabled !== true,
    ...(zone !== undefined && { timeZone: zone }),
    ...(start !== undefined && { startAt: momentOf("--start", start) }),
    ...(end !== undefined && { endAt: momentOf("--end", end) }),
    ...(maxConcurrency !== undefined && { maxConcurrency: concurrencyOf(maxConcurrency) }),
    ...(overlap !== undefined && { overlap }),
    ...(catchUp !== undefined && { catchUp }),
    ...(experiment !== undefined && { experimentId: await idOf(connection, "experiment", experiment) }),
    ...(profile !== undefined && { profile }),
    ...(priority !== undefined && { priority: readPriority(priority) }),
    ...(tag !== undefined && { tags: Object.fromEntries(tag.map((text) => pairOf("--tag", text))) }),
    ...(options.cache === false && { cache: "ignore" as const }),
  };
}
