/** F21: rubbish into every procedure and route, and rubbish in stored JSON; never a 5xx, and the loop goes on. */
import fc from "fast-check";
import { openDatabase } from "@/db/client";
import { appRouter } from "@/server/api/root";
import { apiOf } from "../../support/api";
import { EVERY_ROUTE } from "../../support/every-route";
import { hostileRequests } from "../../support/hostile";
import { startServer, type TestServer } from "../../support/server";
import type { Scenario } from "../scenario";
import { sideBySide } from "../steps";

const HOSTILE = [
  "",
  "../../etc/passwd",
  "%2e%2e%2f",
  "'; drop table run; --",
  "\0",
  "x".repeat(10_000),
  "__proto__",
  "-1",
  "1e999",
];

const garbage = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(
    fc.constantFrom(
      "id",
      "ids",
      "name",
      "cursor",
      "limit",
      "sort",
      "search",
      "versionId",
      "parameters",
      "number",
      "states",
      "topics",
    ),
    fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 2 })),
  ),
);

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>)
  .filter(([, procedure]) => procedure._def.type !== "subscription")
  .map(([path, procedure]) => ({ path, isQuery: procedure._def.type === "query" }));

async function status(
  server: TestServer,
  method: string,
  path: string,
  body?: string,
  type = "application/json",
): Promise<number> {
  const response = await fetch(new URL(path, server.url), {
    method,
    redirect: "manual",
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(body !== undefined && { "content-type": type }),
    },
    ...(body !== undefined && { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Rows that no service would write, put in by hand. */
function spoil(file: string): void {
  const db = openDatabase(file);
  const sql = db.$client;
  const columns =
    "name, state, version_key, pipeline_name, experiment_key, profile, origin, task_counts, created_at, scheduled_at";
  const versions = sql.prepare("select key from version").pluck().all() as number[];
  const copy = sql.prepare(
    `insert into version (id, pipeline_key, number, name, display_name, format, format_version, state, digest, step_count, created_at)
     select ?, null, 1, ?, 'x', format, format_version, 'runnable', ?, 1, 0 from version where key = ?`,
  );
  for (const [i, graph] of ["{", "null", "[]", '{"steps": 3}', '{"format":"kfp","steps":[{"path":"a"}]}'].entries()) {
    const made = copy.run(`spoiled-${i}`, `spoiled-${i}`, `spoiled-${i}`, versions[0]);
    sql
      .prepare(
        "insert into version_spec (version_key, spec_file, text, graph, problems, missing) values (?, 'x', '', ?, '[]', '[]')",
      )
      .run(made.lastInsertRowid, graph);
    sql
      .prepare(
        `insert into run (id, ${columns}) values (?, 'spoiled', 'pending', ?, 'x', 1, 'local', 'manual', '{}', 0, 0)`,
      )
      .run(`spoiled-${i}`, made.lastInsertRowid);
  }
  sql
    .prepare(
      `insert into run (id, ${columns}) values ('no-profile', 'x', 'pending', ?, 'x', 1, 'nowhere', 'manual', '{}', 0, 0)`,
    )
    .run(versions[0]);
  db.$client.close();
}

export const fuzzScenario: Scenario = {
  id: "F21",
  title: "rubbish into every procedure, route and stored JSON column",
  async run({ slice, seed }) {
    const found: string[] = [];
    const server = await startServer();
    let requests = 0;
    const judge = (what: string, code: number) => {
      requests++;
      if (code >= 500) found.push(`${what} answered ${code}`);
    };
    try {
      const api = apiOf(server);
      const upload = await api.upload({ "ok.json": JSON.stringify(sideBySide("ok", ["echo fine"])) });
      const samples = fc.sample(garbage, { numRuns: slice ? 15 : 300, seed });
      for (const { path, isQuery } of procedures) {
        for (const sample of samples) {
          const input = JSON.stringify(sample);
          const code = isQuery
            ? await status(server, "GET", `/api/trpc/${path}?input=${encodeURIComponent(input)}`)
            : await status(server, "POST", `/api/trpc/${path}`, input);
          judge(`${path} with ${input.slice(0, 120)}`, code);
        }
      }
      const known = { ids: [upload.pipeline.id, upload.version.id], pageTokens: ["x"], canary: "/etc/hostname" };
      for (const route of EVERY_ROUTE.filter(({ kind, path }) => kind !== "subscription" && path !== "/readyz")) {
        for (const request of fc.sample(hostileRequests(route, known), { numRuns: slice ? 3 : 200, seed })) {
          const { method, target, body, type } = request;
          const code = await status(server, method, target, body, type);
          // A known address under another method is "unimplemented" in the Kubeflow API.
          judge(`${method} ${target.slice(0, 200)} ${body?.slice(0, 100) ?? ""}`, code === 501 ? 405 : code);
        }
      }
      spoil(server.files.database);
      const run = await api.createRun(upload.version.id);
      const end = await api.finished(run.id, 20_000);
      if (end.state !== "succeeded") found.push(`beside spoiled rows a good run ended ${end.state}`);
      for (const id of ["spoiled-0", "spoiled-1", "spoiled-2", "spoiled-3", "spoiled-4", "no-profile"]) {
        judge(
          `runs.get of ${id}`,
          await status(server, "GET", `/api/trpc/runs.get?input=${encodeURIComponent(JSON.stringify({ id }))}`),
        );
      }
      judge("the list beside spoiled rows", await status(server, "GET", "/api/trpc/runs.list?input={}"));
      if ((await fetch(`${server.url}/readyz`)).status !== 200) found.push("the engine stopped");
      return { violations: found, figures: { requests, procedures: procedures.length } };
    } finally {
      await server.remove();
    }
  },
};
