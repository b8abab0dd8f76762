/** Reads all settings. */
import { SETTINGS, type SettingName, type Settings } from "@/server/domain/settings";
import type { Context } from "../context";
import { readSetting } from "./setting";

/** Every setting with the value that holds. */
export function listSettings({ db }: Context): Settings {
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, readSetting(db, name)])) as Settings;
}
