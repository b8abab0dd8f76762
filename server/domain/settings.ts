/** Settings of the installation: their names, what they may be and what holds while nobody has set them. */
import { z } from "zod";
import { RetentionRules } from "./retention";

const MIB = 1_048_576;
const bytes = z
  .number()
  .int()
  .min(1)
  .max(1_024 ** 5);

/** Every setting. Sizes are bytes. */
export const SETTINGS = {
  "import-hosts": {
    schema: z
      .array(z.string().regex(/^[A-Za-z0-9.-]+(?::\d{1,5})?$/, "Name a host, with or without a port."))
      .max(1_000),
    default: [] as readonly string[],
    title: "Hosts that importer steps may fetch from over http and https",
  },
  "max-artifact-bytes": {
    schema: bytes,
    default: 20 * 1_024 * MIB,
    title: "Largest artifact that a step may leave",
  },
  "max-parameter-bytes": { schema: bytes, default: MIB, title: "Largest output parameter" },
  "max-result-bytes": { schema: bytes, default: 32 * MIB, title: "Largest result file of a step" },
  "max-environment-bytes": {
    schema: bytes,
    default: 20 * 1_024 * MIB,
    title: "Disk that Python environments may take before the oldest unused go",
  },
  "min-interval-seconds": {
    schema: z.number().int().min(1).max(86_400),
    default: 1,
    title: "Least time between two moments of a recurring run, in seconds",
  },
  "run-identical-steps-once": {
    schema: z.boolean(),
    default: true,
    title: "A step waits for an identical one that runs already and takes its result",
  },
  "trash-days": {
    schema: z.number().int().min(0).max(36_500),
    default: 30,
    title: "Days that what is deleted stays in the trash before it is gone for good",
  },
  "retention-rules": {
    schema: RetentionRules,
    default: [] as RetentionRules,
    title: "Which runs go into the trash by themselves",
  },
} as const satisfies {
  readonly [name: string]: { readonly schema: z.ZodType; readonly default: unknown; readonly title: string };
};

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> = z.infer<(typeof SETTINGS)[N]["schema"]>;

/** Settings that are one plain value each; the rules of retention have a page of their own. */
export type PlainSettingName = Exclude<SettingName, "retention-rules" | "trash-days">;

/** All settings with the values that hold. */
export type Settings = { readonly [N in SettingName]: SettingValue<N> };

/** The value of a setting as stored, or its default where nothing valid is. */
export function settingValue<N extends SettingName>(name: N, stored: unknown): SettingValue<N> {
  const { schema, default: preset } = SETTINGS[name];
  const read = schema.safeParse(stored);
  return (read.success ? read.data : preset) as SettingValue<N>;
}

export const SaveSettingInput = z
  .object({ name: z.enum(Object.keys(SETTINGS) as [SettingName, ...SettingName[]]), value: z.json() })
  .superRefine(({ name, value }, context) => {
    const read = SETTINGS[name].schema.safeParse(value);
    if (!read.success) context.addIssue({ code: "custom", path: ["value"], message: z.prettifyError(read.error) });
  });
export type SaveSettingInput = z.infer<typeof SaveSettingInput>;
