import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ListExperimentsInput } from "@/server/domain/inputs/experiments";
import { EXPERIMENT_SORTS } from "@/server/domain/lists/experiment-fields";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { archiveExperiment } from "./archive-experiment";
import { createExperiment } from "./create-experiment";
import { listExperiments } from "./list-experiments";

let services: TestServices;
const ids = new Map<string, string>();

async function run(experiment: string, state: string): Promise<void> {
  const { context, receive } = services;
  const { version } = await storeUpload(context, { files: [receive("p.json", kfpSpec("p"))] });
  services.advance(1_000);
  const started = await startRun(context, { versionId: version.id, experimentId: ids.get(experiment) });
  context.db.$client.prepare("update run set state = ? where id = ?").run(state, started.id);
}

beforeEach(async () => {
  services = testServices();
  for (const [name, description] of [
    ["alpha", "first tries"],
    ["beta", ""],
    ["gamma", "a quick look"],
    ["old", ""],
  ] as const) {
    services.advance(1_000);
    ids.set(name, (await createExperiment(services.context, { name, description })).id);
  }
  await run("beta", "failed");
  await run("beta", "succeeded");
  await run("alpha", "succeeded");
  await archiveExperiment(services.context, ids.get("old") ?? "");
});
afterEach(() => services.close());

const list = (more: object) => listExperiments(services.context, ListExperimentsInput.parse(more));
const names = (more: object): string[] => list(more).items.map(({ name }) => name);

describe("the list of experiments", () => {
  test("begins with the newest run, tells the last ones, and leaves archived ones out unless they are asked for", () => {
    expect(names({})).toEqual(["alpha", "beta", "gamma", "Default"]);
    expect(list({}).items[1]?.lastRuns.map(({ state }) => state)).toEqual(["succeeded", "failed"]);
    expect(names({ archived: true })).toEqual(["old"]);
    expect(names({ where: "state = archived" })).toEqual(["old"]);
    expect(names({ where: "state in (active, archived)" })).toHaveLength(5);
  });

  test("is filtered by every field, joined by and, or and not", () => {
    const asked = {
      "runs > 0": ["alpha", "beta"],
      "failed >= 1 and succeeded = 1": ["beta"],
      "text contains quick or name = beta": ["beta", "gamma"],
      "not (last is set) and description is set": ["Default", "gamma"],
      "last > 2026-11-21T10:00:06Z": ["alpha"],
      "created <= 2026-11-21T10:00:01Z": ["alpha", "Default"],
      "running = 0 and not name contains a": [],
      "archived is set": [],
      "archived is set and state = archived": ["old"],
    };
    for (const [where, found] of Object.entries(asked)) {
      expect(names({ where, sort: "name", direction: "asc" }), where).toEqual(found);
    }
    expect(names({ search: "tries" })).toEqual(["alpha"]);
    expect(() => names({ where: "weight = 3" })).toThrow("There is no field weight");
  });

  test("pages put together are the list in every order, each in at most four statements", () => {
    const { context } = services;
    let statements = 0;
    const prepare = context.db.$client.prepare.bind(context.db.$client);
    vi.spyOn(context.db.$client, "prepare").mockImplementation(((text: string) => {
      statements += 1;
      return prepare(text);
    }) as typeof prepare);
    const all = { where: "state in (active, archived)" };
    for (const sort of EXPERIMENT_SORTS) {
      for (const direction of ["asc", "desc"] as const) {
        const whole = names({ ...all, sort, direction });
        const paged: string[] = [];
        let cursor: string | null = null;
        do {
          statements = 0;
          const page: ReturnType<typeof list> = list({ ...all, sort, direction, limit: 2, cursor });
          expect(statements).toBeLessThanOrEqual(4);
          expect(page.total).toBe(5);
          paged.push(...page.items.map(({ name }) => name));
          cursor = page.next;
        } while (cursor !== null);
        expect(paged, `${sort} ${direction}`).toEqual(whole);
      }
    }
    expect(names({ sort: "failed" })[0]).toBe("beta");
    expect(names({ sort: "name", direction: "asc" })).toEqual(["alpha", "beta", "Default", "gamma"]);
  });
});
