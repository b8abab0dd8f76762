/** What clients may ask of secrets, volumes and Python environments: one zod schema per request. */
import { z } from "zod";
import { Description, ResourceName } from "./shared";

const ValueName = z.string().regex(/^[-._A-Za-z0-9]{1,253}$/, "Use letters, digits, dots, dashes and underscores.");
/** No environment variable holds a NUL. */
const SecretText = z
  .string()
  .max(1_048_576, "Keep a value to 1,048,576 characters.")
  .refine((text) => !text.includes("\0"), "A value cannot hold a NUL character.");

/** Creates a secret or config map, or changes what is given of one. A value of null removes that key. */
export const SaveSecretInput = z.object({
  name: ResourceName,
  isShown: z.boolean().optional(),
  description: Description.optional(),
  values: z.record(ValueName, SecretText.nullable()).default({}),
});
export type SaveSecretInput = z.infer<typeof SaveSecretInput>;

export const SaveVolumeInput = z.object({
  name: ResourceName,
  description: Description.optional(),
  /** Absent: a directory that Penstock makes and keeps. */
  path: z.string().startsWith("/", "Give an absolute path.").max(4_096).optional(),
});
export type SaveVolumeInput = z.infer<typeof SaveVolumeInput>;

/** A Python environment by its key. */
export const ByEnvironmentKey = z.object({
  key: z.string().regex(/^[0-9a-f]{32}$/, "This is no key of an environment."),
});
export type ByEnvironmentKey = z.infer<typeof ByEnvironmentKey>;

/** Asks for a Python environment: the arguments of each `pip install` in order. */
export const AddEnvironmentInput = z.object({
  /** Absent: the server's interpreter. */
  python: z.string().trim().min(1).max(4_096).nullish(),
  lines: z
    .array(z.array(z.string().min(1).max(4_096)).min(1).max(1_000))
    .min(1, "Name a package.")
    .max(100),
});
export type AddEnvironmentInput = z.infer<typeof AddEnvironmentInput>;
