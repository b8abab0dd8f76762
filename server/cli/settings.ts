/** `penstock settings`: what holds for the whole installation. */
import type { Command } from "commander";
import type { JsonValue } from "@/pipelines/graph";
import { SETTINGS, type SettingName, type Settings } from "@/server/domain/settings";
import { EXIT, refused } from "./exit";
import { JSON_FLAG, type Session, type Wrap } from "./session";

const NAMES = Object.keys(SETTINGS) as SettingName[];

function nameOf(text: string): SettingName {
  const name = NAMES.find((one) => one === text);
  if (name === undefined) throw refused(`There is no setting ${text}. The settings are ${NAMES.join(", ")}.`);
  return name;
}

function jsonValue(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`${text} is no JSON. Write the value as JSON, text in quotes.`);
  }
}

/** A setting as `--json` prints it. */
const settingShape = (settings: Settings, name: SettingName) => ({
  name,
  value: settings[name],
  default: SETTINGS[name].default,
  title: SETTINGS[name].title,
});

async function listSettings({ output, connect }: Session): Promise<number> {
  const settings = await connect().api.settings.list.query();
  const rows = NAMES.map((name) => [name, JSON.stringify(settings[name]), SETTINGS[name].title]);
  const items = NAMES.map((name) => settingShape(settings, name));
  output.print({ items, next: null }, output.table([["NAME", "VALUE", "WHAT IT IS"], ...rows]));
  return EXIT.ok;
}

async function setSetting({ output, connect }: Session, given: string, json: string): Promise<number> {
  const name = nameOf(given);
  const settings = await connect().api.settings.save.mutate({ name, value: jsonValue(json) });
  output.print(settingShape(settings, name), `${name} is ${JSON.stringify(settings[name])}.`);
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addSettings(program: Command, action: Wrap): void {
  const settings = program.command("settings").description("what holds for the whole installation: list, set");
  settings
    .command("list")
    .description("all settings and their values")
    .option(...JSON_FLAG)
    .action(action(listSettings));
  settings
    .command("set")
    .description("set one; the value is JSON")
    .argument("<name>")
    .argument("<json>")
    .option(...JSON_FLAG)
    .action(action(setSetting));
}
