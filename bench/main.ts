/** The benchmarks' command: `npm run bench -- W1 W2 … [--peers]` prints value, limit and ratio, and writes a JSON file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { programRoot } from "@/server/platform/root";
import { peerFigures } from "./peers/peers";
import type { Figure } from "./workload";
import { WORKLOADS } from "./workloads";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { peers: { type: "boolean", default: false } },
});
const wanted = positionals.map((id) => id.toUpperCase());
const unknown = wanted.filter((id) => !WORKLOADS.some((workload) => workload.id === id));
if (unknown.length > 0) {
  console.error(`no such workload: ${unknown.join(", ")}; there are ${WORKLOADS.map((w) => w.id).join(", ")}`);
  process.exit(2);
}

function line(figure: Figure): string {
  const limit =
    figure.limit === undefined
      ? ""
      : `  L ${figure.limit.toFixed(2)}  ratio ${(figure.value / figure.limit).toFixed(2)}`;
  const spread = figure.spread === undefined ? "" : `  ±${Math.round(figure.spread * 100)} %`;
  const verdict = figure.isMet ? "met" : "MISSED";
  return `  ${figure.name}: ${figure.value.toFixed(2)} ${figure.unit}${spread}${limit}  (${figure.goal}: ${verdict})`;
}

const results: Record<string, readonly Figure[]> = {};
for (const workload of WORKLOADS.filter((w) => wanted.length === 0 || wanted.includes(w.id))) {
  console.log(`${workload.id} ${workload.title} (load ${loadavg()[0]?.toFixed(1)})`);
  const figures = await workload.run();
  results[workload.id] = figures;
  for (const figure of figures) console.log(line(figure));
}

if (values.peers) {
  console.log("peers");
  results.peers = await peerFigures();
  for (const figure of results.peers) console.log(line(figure));
}

const folder = join(programRoot(), "bench", "results");
mkdirSync(folder, { recursive: true });
const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
writeFileSync(file, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
console.log(`written to ${file}`);
