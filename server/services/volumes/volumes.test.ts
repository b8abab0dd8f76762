import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SaveVolumeInput } from "@/server/domain/inputs/surroundings";
import { type TestServices, testServices } from "../testing";
import { listVolumes } from "./list-volumes";
import { removeVolume } from "./remove-volume";
import { saveVolume } from "./save-volume";

let services: TestServices;
let folder: string;
beforeEach(() => {
  services = testServices();
  folder = mkdtempSync(join(tmpdir(), "penstock-volume-"));
});
afterEach(() => {
  services.close();
  rmSync(folder, { recursive: true, force: true });
});

const save = (input: typeof SaveVolumeInput._input) => saveVolume(services.context, SaveVolumeInput.parse(input));

test("a volume without a path is a private directory that is kept; removed, its files stay, and a namesake is another", async () => {
  const first = await save({ name: "data" });
  expect(first).toMatchObject({ name: "data", isManaged: true, description: "" });
  expect(statSync(first.path).mode & 0o777).toBe(0o700);
  writeFileSync(join(first.path, "kept.txt"), "kept");
  expect(await removeVolume(services.context, "data")).toEqual(first);
  expect(listVolumes(services.context)).toEqual([]);
  expect(existsSync(join(first.path, "kept.txt"))).toBe(true);
  expect((await save({ name: "data" })).path).not.toBe(first.path);
  await expect(removeVolume(services.context, "other")).rejects.toThrow("There is no volume named other.");
});

test("a volume with a path stands for it; what is not given stays", async () => {
  const other = join(folder, "other");
  mkdirSync(other);
  await save({ name: "data", path: folder, description: "raw files" });
  expect(await save({ name: "data", path: other })).toMatchObject({
    path: other,
    isManaged: false,
    description: "raw files",
  });
  expect(await save({ name: "data", description: "" })).toMatchObject({ path: other, description: "" });
  expect(listVolumes(services.context)).toHaveLength(1);
});

test("a path that is absent, a file, or in the data directory is refused with the reason, also through a link", async () => {
  const { home } = services.context.dataDir;
  writeFileSync(join(folder, "file"), "");
  symlinkSync(home, join(folder, "link"));
  await expect(save({ name: "a", path: join(folder, "no") })).rejects.toThrow(/does not exist/);
  await expect(save({ name: "a", path: join(folder, "file") })).rejects.toThrow(/is no directory/);
  for (const path of [home, join(home, "tmp"), join(folder, "link"), join(folder, "link", "tmp")]) {
    await expect(save({ name: "a", path })).rejects.toThrow(/lies in Penstock's data directory/);
  }
  expect(SaveVolumeInput.safeParse({ name: "a", path: "relative" }).success).toBe(false);
  expect(listVolumes(services.context)).toEqual([]);
});
