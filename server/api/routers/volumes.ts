/** Procedures about volumes. */
import { ByName } from "@/server/domain/inputs/shared";
import { SaveVolumeInput } from "@/server/domain/inputs/surroundings";
import { listVolumes } from "@/server/services/volumes/list-volumes";
import { removeVolume } from "@/server/services/volumes/remove-volume";
import { saveVolume } from "@/server/services/volumes/save-volume";
import { protectedProcedure, router } from "../trpc";

export const volumesRouter = router({
  list: protectedProcedure.query(({ ctx }) => listVolumes(ctx.services)),
  save: protectedProcedure.input(SaveVolumeInput).mutation(({ ctx, input }) => saveVolume(ctx.services, input)),
  remove: protectedProcedure.input(ByName).mutation(({ ctx, input }) => removeVolume(ctx.services, input.name)),
});
