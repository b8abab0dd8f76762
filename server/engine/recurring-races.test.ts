/** Some of F14's races; `npm run faults -- F14` plays a thousand. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { race } from "./testing/recurring-races";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

test("whoever edits, switches, deletes or restores around a moment: each is one run or one recorded skip", async () => {
  const stored = await storeUpload(services.context, { files: [services.receive("p.json", kfpSpec("p"))] });
  expect(await race(services, stored.pipeline.id, 40, Number(process.env.RACE_SEED ?? 1))).toEqual([]);
}, 120_000);
