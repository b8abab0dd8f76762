import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ListPipelinesInput } from "@/server/domain/inputs/pipelines";
import { PIPELINE_SORTS } from "@/server/domain/lists/pipeline-fields";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { listPipelines } from "./list-pipelines";
import { updatePipeline } from "./update-pipeline";

let services: TestServices;

async function made(name: string, ...states: readonly string[]): Promise<string> {
  const { context, receive } = services;
  services.advance(1_000);
  const { pipeline, version } = await storeUpload(context, { files: [receive(`${name}.json`, kfpSpec(name))] });
  for (const state of states) {
    services.advance(1_000);
    const run = await startRun(context, { versionId: version.id });
    context.db.$client.prepare("update run set state = ? where id = ?").run(state, run.id);
  }
  return pipeline.id;
}

beforeEach(async () => {
  services = testServices();
  await made("alpha", "succeeded", "failed");
  const id = await made("beta", "succeeded");
  await updatePipeline(services.context, { id, tags: { team: "vision" }, description: "a quick look" });
  const gamma = await made("gamma");
  const { context, receive } = services;
  await storeUpload(context, { pipelineId: gamma, files: [receive("again.json", kfpSpec("again"))] });
});
afterEach(() => {
  vi.restoreAllMocks();
  services.close();
});

const list = (more: object) => listPipelines(services.context, ListPipelinesInput.parse(more));
const names = (more: object): string[] => list(more).items.map(({ name }) => name);

describe("the list of pipelines", () => {
  test("tells the latest version, the tags and how the last runs went", () => {
    const [gamma, beta, alpha] = list({}).items;
    expect(gamma).toMatchObject({
      name: "gamma",
      runCount: 0,
      lastRun: null,
      lastRuns: [],
      versionCount: 2,
      latestVersion: { number: 2 },
    });
    expect(beta).toMatchObject({ tags: { team: "vision" }, runCount: 1, latestVersion: { number: 1 } });
    expect(alpha?.lastRuns.map(({ state }) => state)).toEqual(["failed", "succeeded"]);
  });

  test("is filtered by every field, joined by and, or and not", () => {
    const asked = {
      "runs > 0": ["alpha", "beta"],
      "failed >= 1 and succeeded = 1": ["alpha"],
      "text contains quick or name = gamma": ["beta", "gamma"],
      "tag.team = vision": ["beta"],
      "not tag.team is set": ["alpha", "gamma"],
      "result = succeeded": ["beta"],
      "format = kfp and state = runnable and version = 1 and versions = 1": ["alpha", "beta"],
      "not last is set": ["gamma"],
      "steps = 0 or profile is set or running > 0": [],
    };
    for (const [where, found] of Object.entries(asked)) expect(names({ where, sort: "name" }), where).toEqual(found);
    expect(() => names({ where: "weight = 3" })).toThrow("There is no field weight");
  });

  test("pages put together are the list in every order, each in at most four statements", () => {
    const { $client: client } = services.context.db;
    const prepare = client.prepare.bind(client);
    let statements = 0;
    vi.spyOn(client, "prepare").mockImplementation(((text: string) => {
      statements += 1;
      return prepare(text);
    }) as typeof prepare);
    for (const sort of PIPELINE_SORTS) {
      for (const direction of ["asc", "desc"] as const) {
        const whole = names({ sort, direction });
        const paged: string[] = [];
        let cursor: string | null = null;
        do {
          statements = 0;
          const page: ReturnType<typeof list> = list({ sort, direction, limit: 2, cursor });
          expect(statements).toBeLessThanOrEqual(4);
          expect(page.total).toBe(3);
          paged.push(...page.items.map(({ name }) => name));
          cursor = page.next;
        } while (cursor !== null);
        expect(paged, `${sort} ${direction}`).toEqual(whole);
      }
    }
    expect(names({ sort: "last" })).toEqual(["beta", "alpha", "gamma"]);
  });
});
