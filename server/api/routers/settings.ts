/** Procedures about the settings of the installation. */
import { SaveSettingInput } from "@/server/domain/settings";
import { listSettings } from "@/server/services/settings/list-settings";
import { saveSetting } from "@/server/services/settings/save-setting";
import { managingProcedure, router } from "../trpc";

export const settingsRouter = router({
  list: managingProcedure.query(({ ctx }) => listSettings(ctx.services)),
  save: managingProcedure.input(SaveSettingInput).mutation(({ ctx, input }) => saveSetting(ctx.services, input)),
});
