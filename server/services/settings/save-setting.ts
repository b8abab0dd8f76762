/** Sets a setting. */
import { addEvent } from "@/db/queries/events";
import { putSetting } from "@/db/queries/settings";
import type { SaveSettingInput, Settings } from "@/server/domain/settings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { listSettings } from "./list-settings";

/** Sets one and answers with all; it counts for what begins afterwards. */
export async function saveSetting(context: Context, { name, value }: SaveSettingInput): Promise<Settings> {
  await write(context.db, (tx) => {
    const at = context.now();
    putSetting(tx, { name, value, updatedAt: at });
    addEvent(tx, { at, topic: "system", subject: null, kind: "settings" });
  });
  return listSettings(context);
}
