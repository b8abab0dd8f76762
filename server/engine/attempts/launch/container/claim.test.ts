/** Claims that a run makes and removes are folders of the run. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonValue } from "@/pipelines/graph";
import { attemptBench, container, givenVault, outcomeOf, refusalOf, step } from "../../testing";

let bench: ReturnType<typeof attemptBench>;
beforeEach(() => {
  bench = attemptBench({ vault: givenVault({ volumes: { "of-all": "/tmp" } }) });
});
afterEach(() => bench.close());

const claims = () => join(bench.folders.run(1), "volumes");
const request = (image: string, parameters: { [name: string]: JsonValue }) =>
  bench.request(
    step(container({ image: `argostub/${image}`, command: [] }), {
      outputParameters: image === "createpvc" ? [{ name: "name", type: "string" }] : [],
    }),
    { inputs: { parameters, artifacts: {} } },
  );
const make = (parameters: { [name: string]: JsonValue }) => request("createpvc", { size: "5Mi", ...parameters });

describe("createpvc", () => {
  it("makes a folder under the name given", async () => {
    const outcome = await outcomeOf(bench.runner, make({ pvc_name: "disk", pvc_name_suffix: null }));
    expect(outcome).toMatchObject({ state: "succeeded", collected: { parameters: { name: "disk" } } });
    expect(statSync(join(claims(), "disk")).isDirectory()).toBe(true);
  });

  it("puts a suffix behind a name of its own, the same for every attempt", async () => {
    const first = make({ pvc_name_suffix: "-my-pvc" });
    const outcomes = [await outcomeOf(bench.runner, first), await outcomeOf(bench.runner, { ...first, number: 2 })];
    const names = outcomes.map((one) => (one.state === "succeeded" ? one.collected.parameters.name : one.reason));
    expect(names[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-my-pvc$/);
    expect(names[1]).toBe(names[0]);
  });

  it.each<[{ [name: string]: JsonValue }, string]>([
    [{}, "either pvc_name or pvc_name_suffix"],
    [{ pvc_name: "a", pvc_name_suffix: "-b" }, "either pvc_name or pvc_name_suffix"],
    [{ pvc_name: "../../1" }, "no name of a volume"],
    [{ pvc_name: "a/b" }, "no name of a volume"],
    [{ pvc_name: "-rf" }, "no name of a volume"],
  ])("refuses %j", async (parameters, message) => {
    const refusal = await refusalOf(bench.runner.begin(make(parameters), () => undefined));
    expect(refusal.reason).toMatchObject({ code: "bad-input", message: expect.stringContaining(message) });
  });
});

describe("deletepvc", () => {
  const remove = (name: string) => request("deletepvc", { pvc_name: name });

  it("removes what the run made, once or twice", async () => {
    mkdirSync(join(claims(), "disk", "inner"), { recursive: true });
    expect(await outcomeOf(bench.runner, remove("disk"))).toMatchObject({ state: "succeeded" });
    expect(existsSync(join(claims(), "disk"))).toBe(false);
    expect(await outcomeOf(bench.runner, remove("disk"))).toMatchObject({ state: "succeeded" });
  });

  it("leaves the volumes of the installation alone", async () => {
    const refusal = await refusalOf(bench.runner.begin(remove("of-all"), () => undefined));
    expect(refusal.message).toContain("removes its own volumes alone");
  });
});
