/** What a scrape tells of the installation beside its status, read from kept counters alone. */
import {
  type DatabaseSizes,
  type Durations,
  databaseSizes,
  keptDurations,
  type StateCount,
  stateCounts,
} from "@/db/queries/kept-figures";
import { countRunsByState, type RunCounts } from "@/db/queries/run-counts";
import { lastHeartbeat } from "@/db/queries/status";
import type { EngineFigures } from "@/server/domain/engine-figures";
import type { StatusView } from "@/server/domain/views/status";
import type { Context } from "../context";
import { getStatus } from "./get-status";

export interface Figures {
  readonly status: StatusView;
  readonly runs: RunCounts;
  readonly states: readonly StateCount[];
  readonly durations: readonly Durations[];
  readonly sizes: DatabaseSizes;
  /** Null while no engine has measured itself. */
  readonly engine: EngineFigures | null;
  /** Those who follow the stream of changes. */
  readonly followers: number;
}

/** The figures now; the work does not grow with the number of runs. */
export async function getFigures(context: Context): Promise<Figures> {
  const { db } = context;
  return {
    status: await getStatus(context),
    runs: countRunsByState(db, {}),
    states: stateCounts(db),
    durations: keptDurations(db),
    sizes: databaseSizes(db),
    engine: lastHeartbeat(db)?.figures ?? null,
    followers: context.feed.followers,
  };
}
