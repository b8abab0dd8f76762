/** W4, the single run: from the request to its recorded success. */
import { openDatabase } from "@/db/client";
import { pipelineOf } from "../specs";
import { median, percentile, spread } from "../statistics";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Workload } from "../workload";

export const queueWorkload: Workload = {
  id: "W4",
  title: "one run alone, request to recorded success",
  async run() {
    const { server, api } = await warmServer(2);
    try {
      const version = await uploadSpec(api, "single", pipelineOf("single", [{ key: "s", after: [] }]));
      const db = openDatabase(server.files.database, { readonly: true });
      const finishedAt = db.$client.prepare("select finished_at from run where id = ?").pluck();
      const samples: number[] = [];
      for (let i = 0; i < 30; i++) {
        await new Promise((resume) => setTimeout(resume, 150));
        const requestedAt = Date.now();
        const { runId } = await measureRun(server, api, version);
        samples.push(Number(finishedAt.get(runId)) - requestedAt);
      }
      db.$client.close();
      const value = median(samples);
      return [
        {
          name: "request to recorded success, p50",
          value,
          unit: "ms",
          goal: "≤ 50 ms",
          isMet: value <= 50,
          spread: spread(samples),
        },
        {
          name: "request to recorded success, p95",
          value: percentile(samples, 0.95),
          unit: "ms",
          goal: "≤ 50 ms",
          isMet: percentile(samples, 0.95) <= 50,
        },
      ];
    } finally {
      await server.remove();
    }
  },
};
