/** Reads a setting: what is stored, or its default. */
import type { Db } from "@/db/client";
import { findSetting } from "@/db/queries/settings";
import { type SettingName, type SettingValue, settingValue } from "@/server/domain/settings";

/** The value that holds now. */
export function readSetting<N extends SettingName>(db: Db, name: N): SettingValue<N> {
  return settingValue(name, findSetting(db, name));
}
