/** `GET /metrics`: the installation in Prometheus' text format. */
import { RUN_STATES } from "@/server/domain/states";
import type { StatusView } from "@/server/domain/views";
import { heartbeatAgeMs } from "./health";

interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels?: string; readonly value: number }[];
}

const single = (name: string, help: string, value: number): Gauge => ({ name, help, samples: [{ value }] });

/** The gauges of `status`, of the runs per state, and of this process. */
export function metricsText(
  status: StatusView,
  runs: { readonly [state: string]: number },
  memory: { readonly rss: number },
): string {
  const age = heartbeatAgeMs(status, new Date(status.now));
  const gauges: Gauge[] = [
    {
      name: "penstock_runs",
      help: "Runs by state, archived ones left out.",
      samples: RUN_STATES.map((state) => ({ labels: `{state="${state}"}`, value: runs[state] ?? 0 })),
    },
    single("penstock_tasks_queued", "Tasks that wait for a step slot.", status.queued),
    single("penstock_tasks_running", "Tasks that are running.", status.running),
    single("penstock_step_slots", "Steps that may run at once.", status.slots.total),
    single("penstock_step_slots_used", "Step slots in use.", status.slots.used),
    single("penstock_engine_alive", "1 while the engine gives signs of life.", status.engine.alive ? 1 : 0),
    single(
      "penstock_engine_heartbeat_age_seconds",
      "Since the engine's last sign of life.",
      age === null ? Number.NaN : age / 1000,
    ),
    single("penstock_disk_free_bytes", "Free space where the data directory is.", status.diskFreeBytes),
    single("penstock_web_resident_memory_bytes", "Resident memory of the web process.", memory.rss),
  ];
  return gauges
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...samples.map(({ labels, value }) => `${name}${labels ?? ""} ${value}`),
        "",
      ].join("\n"),
    )
    .join("");
}
