/** W9: resident memory of engine and web, idle with one page open and after a fan-out of 10,000. */
import { readFileSync } from "node:fs";
import type { TestServer } from "@/e2e/support/server";
import { fanOut } from "../specs";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

/** The engine rests, and gives memory back, some seconds after the last step. */
const REST_MS = 8_000;

function residentMegabytes(pid: number | null): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

function footprint(server: TestServer, when: string): Figure[] {
  const { engine, web } = server.children();
  const figure = (name: string, value: number, most: number): Figure => ({
    name: `${name}, ${when}`,
    value,
    unit: "MB",
    goal: `≤ ${most} MB`,
    isMet: value <= most,
  });
  return [figure("engine", residentMegabytes(engine), 80), figure("web", residentMegabytes(web), 200)];
}

export const footprintWorkload: Workload = {
  id: "W9",
  title: "resident memory",
  async run() {
    const { server, api } = await warmServer(2);
    try {
      await (await fetch(server.url, { headers: { authorization: `Bearer ${server.token}` } })).text();
      await new Promise((resume) => setTimeout(resume, REST_MS));
      const idle = footprint(server, "idle");
      await measureRun(server, api, await uploadSpec(api, "fan-out", fanOut(10_000)));
      await new Promise((resume) => setTimeout(resume, REST_MS));
      return [...idle, ...footprint(server, "after W2")];
    } finally {
      await server.remove();
    }
  },
};
