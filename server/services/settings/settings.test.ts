import { afterEach, beforeEach, expect, test } from "vitest";
import { SaveSettingInput } from "@/server/domain/settings";
import { type TestServices, testServices } from "../testing";
import { listSettings } from "./list-settings";
import { saveSetting } from "./save-setting";
import { readSetting } from "./setting";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

test("a setting has its default until it is set, and again where the stored value is none", async () => {
  const { context } = services;
  expect(listSettings(context)).toMatchObject({ "import-hosts": [], "max-parameter-bytes": 1_048_576 });
  const saved = await saveSetting(
    context,
    SaveSettingInput.parse({ name: "import-hosts", value: ["data.example:8080"] }),
  );
  expect(saved["import-hosts"]).toEqual(["data.example:8080"]);
  await saveSetting(context, { name: "max-parameter-bytes", value: 7 });
  expect(readSetting(context.db, "max-parameter-bytes")).toBe(7);
  context.db.$client.exec(`update setting set value = '"odd"'`);
  expect(listSettings(context)).toMatchObject({ "import-hosts": [], "max-parameter-bytes": 1_048_576 });
});

test.each([
  { name: "no-such-setting", value: 1 },
  { name: "import-hosts", value: "one" },
  { name: "max-parameter-bytes", value: -1 },
])("%j is refused", (input) => {
  expect(SaveSettingInput.safeParse(input).success).toBe(false);
});
