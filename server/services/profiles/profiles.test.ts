import { afterEach, beforeEach, expect, test } from "vitest";
import { SaveProfileInput } from "@/server/domain/inputs/profiles";
import { StartRunInput } from "@/server/domain/inputs/runs";
import { LOCAL_PROFILE } from "@/server/domain/profile";
import { getRun } from "../runs/get-run";
import { startRun } from "../runs/start-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { getProfile } from "./get-profile";
import { listProfiles } from "./list-profiles";
import { removeProfile } from "./remove-profile";
import { saveProfile } from "./save-profile";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const save = (input: typeof SaveProfileInput._input) => saveProfile(services.context, SaveProfileInput.parse(input));
const names = () => listProfiles(services.context).map(({ name, isDefault }) => (isDefault ? `${name}*` : name));

test("a new profile is like local where nothing is said; a change touches only what is given, null included", async () => {
  expect(await save({ name: "gpu", python: "python3.12", capacity: 2, environment: { A: "1" } })).toMatchObject({
    ...LOCAL_PROFILE,
    python: "python3.12",
    capacity: 2,
    environment: { A: "1" },
    isDefault: false,
    updatedAt: null,
  });
  services.advance(1_000);
  expect(await save({ name: "gpu", python: null, graceMs: 0, imageMap: { a: "b" } })).toMatchObject({
    python: null,
    graceMs: 0,
    capacity: 2,
    environment: { A: "1" },
    imageMap: { a: "b" },
    updatedAt: "2026-11-21T10:00:01.000Z",
  });
  expect(getProfile(services.context, "gpu").workingDirectory).toBeNull();
});

test("there is exactly one default, and it stays", async () => {
  await save({ name: "a" });
  await save({ name: "b", isDefault: true });
  expect(names()).toEqual(["b*", "a", "local"]);
  await expect(save({ name: "b", isDefault: false })).rejects.toThrow(/Make another one the default/);
  await expect(removeProfile(services.context, "b")).rejects.toThrow(/is the default profile/);
  await save({ name: "local", isDefault: true });
  await removeProfile(services.context, "b");
  expect(names()).toEqual(["local*", "a"]);
  await expect(removeProfile(services.context, "b")).rejects.toThrow("There is no profile named b.");
});

test("a run keeps the settings it was made with when its profile changes or goes", async () => {
  const { context } = services;
  await save({ name: "night", capacity: 1, environment: { LEVEL: "low" } });
  const { version } = await storeUpload(context, { files: [services.receive("p.json", kfpSpec("p"))] });
  const run = await startRun(context, StartRunInput.parse({ versionId: version.id, profile: "night" }));
  const settings = { ...LOCAL_PROFILE, capacity: 1, environment: { LEVEL: "low" } };
  const stored = () => context.db.$client.prepare("select * from run where id = ?").get(run.id);
  const before = stored();
  expect(getRun(context, run.id)).toMatchObject({ profile: "night", profileSettings: settings });
  await save({ name: "night", capacity: 9, environment: {}, isDefault: true });
  await save({ name: "local", isDefault: true });
  await removeProfile(context, "night");
  expect(stored()).toEqual(before);
  expect(getRun(context, run.id)).toMatchObject({ profile: "night", profileSettings: settings });
});

test("pages are told of every change", async () => {
  await save({ name: "a" });
  await removeProfile(services.context, "a");
  const events = services.context.db.$client.prepare("select kind from event where topic = 'system'").pluck().all();
  expect(events).toEqual(["profiles", "profiles"]);
});
