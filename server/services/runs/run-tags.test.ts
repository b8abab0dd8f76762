import { afterEach, beforeEach, expect, test } from "vitest";
import { ChooseRunsInput, ListRunsInput } from "@/server/domain/inputs/run-lists";
import { SetRunTagsInput } from "@/server/domain/inputs/runs";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { getRun } from "./get-run";
import { countChosenRuns, listRuns } from "./list-runs";
import { renameRun } from "./rename-run";
import { setRunTags } from "./set-run-tags";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const list = (input: object) => listRuns(services.context, ListRunsInput.parse(input));
const tag = (id: string, tags: object) => setRunTags(services.context, SetRunTagsInput.parse({ id, tags }));

async function twoRuns(): Promise<[string, string]> {
  const spec = services.receive("p.json", kfpSpec("p"));
  const { version } = await storeUpload(services.context, { files: [spec] });
  const start = (name: string) => startRun(services.context, { versionId: version.id, name });
  return [(await start("first")).id, (await start("second")).id];
}

test("tags of a run are shown, found by search and by filter, and replaced as a whole", async () => {
  const [first, second] = await twoRuns();
  await tag(first, { team: "vision", stage: "nightly" });
  await tag(second, { team: "speech" });
  expect(getRun(services.context, first).tags).toEqual({ stage: "nightly", team: "vision" });
  const found = async (input: object) => (await list(input)).items.map((run) => [run.id, run.tags]);
  expect(await found({ search: "nightl" })).toEqual([[first, { stage: "nightly", team: "vision" }]]);
  expect(await found({ filter: { field: "tag.team", is: "=", value: "speech" } })).toEqual([
    [second, { team: "speech" }],
  ]);
  await tag(first, { team: "audio" });
  await renameRun(services.context, { id: first, name: "renamed once" });
  expect(await found({ search: "nightl" })).toEqual([]);
  expect(await found({ search: "amed on" })).toEqual([[first, { team: "audio" }]]);
  expect((await list({ sort: "tag.team", direction: "asc" })).items.map((run) => run.id)).toEqual([first, second]);
});

test("a filter that cannot be asked is refused with the place of each problem", async () => {
  await twoRuns();
  const filter = { all: [{ field: "state", is: "=", value: "odd" }, { not: { field: "colour", is: "set" } }] };
  await expect(list({ filter })).rejects.toMatchObject({
    code: "invalid",
    problems: [{ place: "filter.all.0" }, { place: "filter.all.1.not" }],
  });
  expect(ListRunsInput.safeParse({ sort: "colour" }).success).toBe(false);
  expect(SetRunTagsInput.safeParse({ id: "a", tags: { "a.b": "c" } }).success).toBe(false);
});

test("a choice is counted without being read, and archived runs are in it only when it says so", async () => {
  await twoRuns();
  const count = (input: object) => countChosenRuns(services.context, ChooseRunsInput.parse(input));
  expect(await count({})).toEqual({ total: 2 });
  expect(await count({ filter: { field: "name", is: "contains", value: "sec" } })).toEqual({ total: 1 });
  expect(await count({ filter: { field: "archived", is: "=", value: "true" } })).toEqual({ total: 0 });
});
