/** `GET /metrics`: the installation, this process and the requests that it answers, in Prometheus' text format. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { Figures } from "@/server/services/system/get-figures";
import { type Area, METHODS } from "./areas";
import { FIGURE_METRICS, type FigureMetric } from "./figure-samples";

const REQUEST_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (sign) => (sign === "\n" ? "\\n" : `\\${sign}`));

/** The lines of a metric whose values were counted elsewhere. */
function exposition({ name, help, type, samples }: FigureMetric, figures: Figures): string {
  const lines = samples(figures).map(({ labels = {}, value, suffix = "" }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${suffix}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return lines.length === 0 ? "" : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

const isStream = (response: ServerResponse): boolean =>
  String(response.getHeader("content-type") ?? "").startsWith("text/event-stream");

/** The web process's own metrics. Its requests are told by kind of address, never by the address. */
export class WebMetrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: "penstock_http_request_seconds",
    help: "How long answers took; streams of changes are left out.",
    labelNames: ["route", "method", "status"] as const,
    buckets: REQUEST_BOUNDS,
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Times the answer to a request; one that was never answered counts as 499. */
  watch(request: IncomingMessage, response: ServerResponse, area: Area): void {
    const method = request.method ?? "";
    const end = this.#requests.startTimer({ route: area, method: METHODS.has(method) ? method : "other" });
    response.once("close", () => {
      if (!isStream(response)) end({ status: response.headersSent ? response.statusCode : 499 });
    });
  }

  /** All metrics, those of the database first. */
  async text(figures: Figures): Promise<string> {
    return FIGURE_METRICS.map((metric) => exposition(metric, figures)).join("") + (await this.#registry.metrics());
  }
}
