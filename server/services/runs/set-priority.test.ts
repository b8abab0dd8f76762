/** Priority: given at the start, changed while a run is open, and taken along by what is made of it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { SetPriorityInput, StartRunInput } from "@/server/domain/inputs/runs";
import { createRecurringRun } from "../recurring-runs/create-recurring-run";
import { runNow } from "../recurring-runs/run-now";
import { updateRecurringRun } from "../recurring-runs/update-recurring-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { deleteRuns } from "./flag-runs";
import { getRun } from "./get-run";
import { listRuns } from "./list-runs";
import { setPriority } from "./set-priority";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

async function versionId(): Promise<{ readonly versionId: string; readonly pipelineId: string }> {
  const { version, pipeline } = await storeUpload(services.context, {
    files: [services.receive("p.json", kfpSpec("p"))],
  });
  return { versionId: version.id, pipelineId: pipeline.id };
}

const start = async (id: string, priority?: number) =>
  (await startRun(services.context, StartRunInput.parse({ versionId: id, priority }))).id;
const priorityOf = (id: string): number => getRun(services.context, id).priority;

describe("at the start", () => {
  it("is 0 where none is given, told by the run and by lists, which sort and filter by it", async () => {
    const { context } = services;
    const { versionId: version } = await versionId();
    const [ordinary, high] = [await start(version), await start(version, 7)];
    expect([ordinary, high].map(priorityOf)).toEqual([0, 7]);
    const sorted = await listRuns(context, { sort: "priority", direction: "asc", limit: 10 });
    expect(sorted.items.map(({ priority }) => priority)).toEqual([0, 7]);
    const filtered = await listRuns(context, { where: "priority > 3", sort: "created", direction: "desc", limit: 10 });
    expect(filtered.items.map(({ id }) => id)).toEqual([high]);
  });

  it("is a whole number within its bounds", () => {
    const read = (priority: unknown) => StartRunInput.safeParse({ versionId: "v", priority }).success;
    expect([-100, 0, 100].map(read)).toEqual([true, true, true]);
    expect([-101, 101, 1.5, "5", "front"].map(read)).toEqual([false, false, false, false, false]);
  });

  it("comes along from the recurring run", async () => {
    const { context } = services;
    const { pipelineId } = await versionId();
    const trigger = { kind: "interval", seconds: 86_400 };
    const asked = CreateRecurringRunInput.parse({ name: "nightly", pipelineId, trigger, priority: -10 });
    const made = await createRecurringRun(context, asked);
    const first = await runNow(context, made.id);
    await updateRecurringRun(context, { id: made.id, priority: 4 });
    const second = await runNow(context, made.id);
    expect([first.id, second.id].map(priorityOf)).toEqual([-10, 4]);
  });
});

describe("while it is open", () => {
  it("changes, with the steps that wait and with word to the engine", async () => {
    const { context } = services;
    const sql = context.db.$client;
    const { versionId: version } = await versionId();
    const id = await start(version);
    sql.exec(`update run set is_noticed = 1;
      insert into task (run_key, path, step_path, name, kind, state, created_at)
        select key, 'a', 'a', 'a', 'container', 'queued', 0 from run;
      insert into task (run_key, path, step_path, name, kind, state, created_at)
        select key, 'b', 'b', 'b', 'container', 'succeeded', 0 from run`);
    expect(await setPriority(context, { ids: [id, "nobody"], priority: 9 })).toMatchObject({
      done: [id],
      failed: [{ id: "nobody" }],
    });
    expect(priorityOf(id)).toBe(9);
    expect(sql.prepare("select state, priority from task order by key").all()).toEqual([
      { state: "queued", priority: 9 },
      { state: "succeeded", priority: 0 },
    ]);
    expect(sql.prepare("select is_noticed from run").pluck().get()).toBe(0);
  });

  it("to the front means before all others under its profile; several go there beside each other", async () => {
    const { context } = services;
    const { versionId: version } = await versionId();
    const [first, second, third] = [await start(version), await start(version), await start(version, 6)];
    const front = (...ids: string[]) => setPriority(context, { ids, priority: "front" });
    await front(first, second);
    expect([first, second].map(priorityOf)).toEqual([7, 7]);
    await front(first, second);
    expect([first, second].map(priorityOf)).toEqual([7, 7]);
    await setPriority(context, { ids: [third], priority: 100 });
    await front(first);
    expect(priorityOf(first)).toBe(100);
    expect(SetPriorityInput.safeParse({ ids: [first], priority: "back" }).success).toBe(false);
  });

  it("only: a run that is over or deleted has no place in a queue", async () => {
    const { context } = services;
    const { versionId: version } = await versionId();
    const [over, deleted] = [await start(version), await start(version)];
    context.db.$client.prepare("update run set state = 'succeeded' where id = ?").run(over);
    await deleteRuns(context, [deleted]);
    const { done, failed } = await setPriority(context, { ids: [over, deleted], priority: 5 });
    expect([done, failed.map(({ message }) => message)]).toEqual([
      [],
      ["It is over, so it waits in no queue.", expect.stringContaining("not found")],
    ]);
    expect(priorityOf(over)).toBe(0);
  });
});
