/** The figures of the installation as Prometheus metrics: which name each has, of which kind, with which labels. */
import { TURN_BOUNDS } from "@/server/domain/engine-figures";
import { RUN_STATES } from "@/server/domain/states";
import type { Figures } from "@/server/services/system/get-figures";
import { heartbeatAgeMs } from "./health";

type Labels = { readonly [name: string]: string };

/** A value with its labels; of a histogram with the suffix that says what it is. */
interface Sample {
  readonly labels?: Labels;
  readonly value: number;
  readonly suffix?: "_bucket" | "_sum" | "_count";
}

export interface FigureMetric {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly samples: (figures: Figures) => readonly Sample[];
}

interface Distribution {
  readonly labels: Labels;
  /** Counts up to each bound in seconds; those above the last are in `count` alone. */
  readonly upTo: readonly { readonly bound: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

function histogramSamples({ labels, upTo, count, sum }: Distribution): readonly Sample[] {
  const buckets = upTo.map((bucket) => ({
    labels: { ...labels, le: String(bucket.bound) },
    value: bucket.count,
    suffix: "_bucket" as const,
  }));
  return [
    ...buckets,
    { labels: { ...labels, le: "+Inf" }, value: count, suffix: "_bucket" },
    { labels, value: sum, suffix: "_sum" },
    { labels, value: count, suffix: "_count" },
  ];
}

function durationsOf(figures: Figures, entity: "run" | "task"): readonly Sample[] {
  return figures.durations
    .filter((durations) => durations.entity === entity)
    .flatMap(({ state, buckets, sumMs }) => {
      let count = 0;
      const upTo = buckets.map((bucket) => {
        count += bucket.count;
        return { bound: bucket.upToMs / 1000, count };
      });
      return histogramSamples({ labels: { state }, upTo: upTo.slice(0, -1), count, sum: sumMs / 1000 });
    });
}

const single = (value: number | null | undefined): readonly Sample[] =>
  value === null || value === undefined ? [] : [{ value }];

const gauge = (name: string, help: string, value: (figures: Figures) => number | null | undefined): FigureMetric => ({
  name,
  help,
  type: "gauge",
  samples: (figures) => single(value(figures)),
});

const counter = (name: string, help: string, value: (figures: Figures) => number | undefined): FigureMetric => ({
  name,
  help,
  type: "counter",
  samples: (figures) => single(value(figures)),
});

const transitions = (entity: "run" | "task" | "attempt"): FigureMetric => ({
  name: `penstock_${entity}_transitions_total`,
  help: `How often ${entity}s have come into each state, ever.`,
  type: "counter",
  samples: ({ states }) =>
    states.filter((each) => each.entity === entity).map(({ state, count }) => ({ labels: { state }, value: count })),
});

/** Every metric that is read from the database, in the order in which they are told. */
export const FIGURE_METRICS: readonly FigureMetric[] = [
  {
    name: "penstock_build_info",
    help: "Always 1; the labels say what runs.",
    type: "gauge",
    samples: ({ status }) => [{ labels: { version: status.version, node: process.version }, value: 1 }],
  },
  {
    name: "penstock_runs",
    help: "Runs by state, archived ones included.",
    type: "gauge",
    samples: ({ runs }) => RUN_STATES.map((state) => ({ labels: { state }, value: runs[state] ?? 0 })),
  },
  gauge("penstock_tasks_queued", "Tasks that wait for a step slot.", ({ status }) => status.queued),
  gauge("penstock_runs_going", "Runs that have begun and are not over.", ({ status }) => status.running),
  gauge("penstock_step_slots", "Steps that may run at once.", ({ status }) => status.slots.total),
  gauge("penstock_step_slots_used", "Step slots in use.", ({ status }) => status.slots.used),
  transitions("run"),
  transitions("task"),
  transitions("attempt"),
  {
    name: "penstock_run_state_seconds",
    help: "How long runs were pending before they began, and how long they ran.",
    type: "histogram",
    samples: (figures) => durationsOf(figures, "run"),
  },
  {
    name: "penstock_step_state_seconds",
    help: "How long steps were queued before they began, and how long they ran.",
    type: "histogram",
    samples: (figures) => durationsOf(figures, "task"),
  },
  gauge("penstock_engine_alive", "1 while the engine gives signs of life.", ({ status }) =>
    status.engine.alive ? 1 : 0,
  ),
  gauge("penstock_engine_heartbeat_age_seconds", "Since the engine's last sign of life.", ({ status }) => {
    const age = heartbeatAgeMs(status, new Date(status.now));
    return age === null ? Number.NaN : age / 1000;
  }),
  {
    name: "penstock_engine_turn_seconds",
    help: "How long the engine's turns took, one commit each; goes on when the engine is restarted.",
    type: "histogram",
    samples: ({ engine }) =>
      engine === null
        ? []
        : histogramSamples({
            labels: {},
            upTo: TURN_BOUNDS.map((bound, at) => ({ bound, count: engine.turnsUpTo[at] ?? 0 })),
            count: engine.turns,
            sum: engine.turnSeconds,
          }),
  },
  gauge(
    "penstock_engine_loop_lag_seconds",
    "The longest that the engine's loop came late, between its last two signs of life.",
    ({ engine }) => engine?.lagSeconds,
  ),
  counter(
    "penstock_engine_cpu_seconds_total",
    "Processor time of all engines so far.",
    ({ engine }) => engine?.cpuSeconds,
  ),
  gauge(
    "penstock_engine_resident_memory_bytes",
    "Resident memory of the engine.",
    ({ engine }) => engine?.residentBytes,
  ),
  gauge("penstock_engine_heap_bytes", "Heap that the engine uses.", ({ engine }) => engine?.heapBytes),
  gauge("penstock_engine_open_fds", "File descriptors that the engine holds.", ({ engine }) => engine?.openFiles),
  gauge("penstock_event_stream_clients", "Clients that follow the stream of changes.", ({ followers }) => followers),
  gauge("penstock_sqlite_file_bytes", "Size of the database file.", ({ sizes }) => sizes.fileBytes),
  gauge("penstock_sqlite_wal_bytes", "Size of the write-ahead log.", ({ sizes }) => sizes.walBytes),
  gauge(
    "penstock_sqlite_free_bytes",
    "Room within the database file that nothing uses.",
    ({ sizes }) => sizes.freeBytes,
  ),
  gauge("penstock_disk_free_bytes", "Free space where the data directory is.", ({ status }) => status.diskFreeBytes),
];
