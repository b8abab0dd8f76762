/** What may be asked of profiles. */
import { z } from "zod";
import { EXECUTOR_KINDS, PULL_POLICIES } from "../profile";
import { PodSettingsInput } from "./pods";
import { EnvironmentName, ResourceName } from "./shared";

/** Limits of steps that name none; what is not given stays, null takes the limit away. */
const DefaultLimitsInput = z
  .object({
    memoryBytes: z
      .number()
      .int()
      .min(4 * 2 ** 20, "At least 4 MiB.")
      .max(2 ** 50)
      .nullable(),
    cpus: z.number().min(0.01).max(10_000).nullable(),
    totalCpus: z.number().min(0.01).max(100_000).nullable(),
    totalMemoryBytes: z
      .number()
      .int()
      .min(4 * 2 ** 20, "At least 4 MiB.")
      .max(2 ** 50)
      .nullable(),
    sharedMemoryBytes: z
      .number()
      .int()
      .min(2 ** 16, "At least 64 KiB.")
      .max(2 ** 50)
      .nullable(),
    gpus: z.number().int().min(1).max(1_000).nullable(),
  })
  .partial();

/** Names of networks; the ones that stand for no isolation between containers are none. */
const NetworkName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, "Give the name of a network, or none.");

/** How containers are made; what is not given stays. */
const ContainerSettingsInput = z
  .object({
    engine: z.string().trim().min(1).max(4_096).nullable(),
    pull: z.enum(PULL_POLICIES),
    registrySecret: ResourceName.nullable(),
    network: NetworkName.nullable(),
    user: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?$/, "Give a user or user:group.")
      .nullable(),
    image: z.string().trim().min(1).max(1_024).nullable(),
    isReadOnly: z.boolean(),
    mounts: z
      .array(
        z
          .string()
          .max(4_096)
          .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))/, "Give absolute paths without `..`."),
      )
      .max(100),
    keepMs: z
      .number()
      .int()
      .min(0)
      .max(30 * 86_400_000),
    pod: PodSettingsInput,
  })
  .partial();

/** Creates a profile or changes what is given of one. */
export const SaveProfileInput = z.object({
  name: ResourceName.max(63).refine((name) => name !== "new", "Choose another name: new is the address of the form."),
  isDefault: z.boolean().optional(),
  graceMs: z.number().int().min(0).max(3_600_000).optional(),
  python: z.string().trim().min(1).max(4_096).nullish(),
  environment: z.record(EnvironmentName, z.string().max(131_072)).optional(),
  capacity: z.number().int().min(1).max(10_000).nullish(),
  imageMap: z.record(z.string().min(1).max(1_024), z.string().min(1).max(1_024)).optional(),
  workingDirectory: z.string().startsWith("/", "Give an absolute path.").max(4_096).nullish(),
  runsWithoutMounts: z.boolean().optional(),
  executor: z.enum(EXECUTOR_KINDS).optional(),
  limits: DefaultLimitsInput.optional(),
  container: ContainerSettingsInput.optional(),
});
export type SaveProfileInput = z.infer<typeof SaveProfileInput>;

/** Tries a profile; the image is for profiles that run containers. */
export const TestProfileInput = z.object({ name: ResourceName, image: z.string().trim().min(1).max(1_024).optional() });
export type TestProfileInput = z.infer<typeof TestProfileInput>;
