/** W14: a million points reported in batches of a thousand over HTTP, and the chart that is drawn of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putMetrics } from "@/db/queries/metric-writes";
import { testDatabase } from "@/db/testing";
import type { SeriesView } from "@/server/domain/views/metrics";
import { pipelineOf } from "../specs";
import { median, spread } from "../statistics";
import { uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

const BATCHES = 1_000;
const BATCH = 1_000;
const POINTS = BATCHES * BATCH;
const IN_FLIGHT = 4;
const READS = 15;

const valueAt = (index: number): number => Math.sin(index / 10_000) + ((index * 7_919) % 997) / 5_000;

/** Points a second that the database alone takes in the same batches, one durable commit each, in this process. */
function insertLimit(): number {
  const home = mkdtempSync(join(tmpdir(), "penstock-limit-"));
  const db = testDatabase(join(home, "limit.db"));
  db.$client.pragma("foreign_keys = OFF");
  const insert = db.$client.transaction((batch: number) =>
    putMetrics(
      db,
      Array.from({ length: BATCH }, (_, at) => {
        const index = batch * BATCH + at;
        return { runKey: 1, taskKey: null, name: "loss", value: valueAt(index), index, format: "raw", atMs: index };
      }),
    ),
  );
  const startedAt = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) insert.immediate(batch);
  const perSecond = POINTS / ((performance.now() - startedAt) / 1000);
  db.$client.close();
  rmSync(home, { recursive: true, force: true });
  return perSecond;
}

const bodyOf = (batch: number): string =>
  JSON.stringify({
    metrics: Array.from({ length: BATCH }, (_, at) => {
      const index = batch * BATCH + at;
      return { name: "loss", index, value: valueAt(index) };
    }),
  });

export const metricsWorkload: Workload = {
  id: "W14",
  title: "a million points of a metric, reported and charted",
  async run() {
    const limit = insertLimit();
    const { server, api } = await warmServer(2);
    try {
      const version = await uploadSpec(api, "measured", pipelineOf("measured", [{ key: "s", after: [] }]));
      const { id } = await api.createRun(version);
      await api.finished(id);
      const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
      const bodies = Array.from({ length: BATCHES }, (_, batch) => bodyOf(batch));
      const waiting = bodies.entries();
      const send = async () => {
        for (const [batch, body] of waiting) {
          const answer = await fetch(`${server.url}/api/runs/${id}/metrics`, { method: "POST", headers, body });
          if (!answer.ok) throw new Error(`batch ${batch}: ${answer.status} ${await answer.text()}`);
          await answer.arrayBuffer();
        }
      };
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: IN_FLIGHT }, send));
      const perSecond = POINTS / ((performance.now() - startedAt) / 1000);

      const took: number[] = [];
      for (let read = 0; read < READS; read++) {
        const from = performance.now();
        const [series] = await api.query<SeriesView[]>("runs.series", { id });
        took.push(performance.now() - from);
        if (!series?.isThinned || series.points.length < 250) throw new Error("the chart is not of all points");
      }
      const chart = median(took);
      const figures: Figure[] = [
        {
          name: "points reported over HTTP",
          value: perSecond,
          unit: "points/s",
          limit,
          goal: "≥ 100,000 points/s; L is the database alone",
          isMet: perSecond >= 100_000,
        },
        {
          name: "chart of 1,000,000 points, p50",
          value: chart,
          unit: "ms",
          goal: "≤ 200 ms",
          isMet: chart <= 200,
          spread: spread(took),
        },
      ];
      return figures;
    } finally {
      await server.remove();
    }
  },
};
