/** Procedures about profiles. */

import { SaveProfileInput, TestProfileInput } from "@/server/domain/inputs/profiles";
import { ByName } from "@/server/domain/inputs/shared";
import { getProfile } from "@/server/services/profiles/get-profile";
import { listProfiles } from "@/server/services/profiles/list-profiles";
import { removeProfile } from "@/server/services/profiles/remove-profile";
import { saveProfile } from "@/server/services/profiles/save-profile";
import { testProfile } from "@/server/services/profiles/test-profile";
import { protectedProcedure, router } from "../trpc";

export const profilesRouter = router({
  list: protectedProcedure.query(({ ctx }) => listProfiles(ctx.services)),
  get: protectedProcedure.input(ByName).query(({ ctx, input }) => getProfile(ctx.services, input.name)),
  save: protectedProcedure.input(SaveProfileInput).mutation(({ ctx, input }) => saveProfile(ctx.services, input)),
  test: protectedProcedure.input(TestProfileInput).mutation(({ ctx, input }) => testProfile(ctx.services, input)),
  remove: protectedProcedure.input(ByName).mutation(({ ctx, input }) => removeProfile(ctx.services, input.name)),
});
