/** What the form of a profile holds, and how it becomes a request or a list of errors. */
import type { FieldError } from "@/components/ui/error-summary";
import { type Pair, pairsOf, recordOf } from "@/components/ui/pairs-editor";
import { SaveProfileInput } from "@/server/domain/inputs/profiles";
import { LOCAL_PROFILE } from "@/server/domain/profile";
import type { ProfileView } from "@/server/domain/views/surroundings";
import {
  CONTAINER_LABELS,
  CONTAINER_WORDS,
  type ContainerValues,
  containerValues,
  readContainer,
} from "./container-values";

export interface ProfileValues extends ContainerValues {
  readonly name: string;
  readonly isDefault: boolean;
  readonly capacity: string;
  readonly python: string;
  /** Seconds, as typed. */
  readonly grace: string;
  readonly workingDirectory: string;
  readonly environment: readonly Pair[];
  readonly imageMap: readonly Pair[];
  readonly runsWithoutMounts: boolean;
}

export function profileValues(profile: ProfileView | null): ProfileValues {
  const settings = profile ?? LOCAL_PROFILE;
  return {
    name: profile?.name ?? "",
    isDefault: profile?.isDefault ?? false,
    capacity: settings.capacity === null ? "" : String(settings.capacity),
    python: settings.python ?? "",
    grace: String(settings.graceMs / 1000),
    workingDirectory: settings.workingDirectory ?? "",
    environment: pairsOf(settings.environment),
    imageMap: pairsOf(settings.imageMap),
    runsWithoutMounts: settings.runsWithoutMounts,
    ...containerValues(settings),
  };
}

const LABELS: { readonly [field: string]: string } = {
  name: "Name",
  capacity: "Steps at once",
  python: "Interpreter",
  graceMs: "Grace",
  workingDirectory: "Working directory",
  environment: "Environment",
  imageMap: "Image map",
  ...CONTAINER_LABELS,
};

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** The id of the control of a field. */
export const profileFieldId = (field: string): string => `profile-${field}`;

/** The request that the form makes, or what keeps it from being one. */
export function readProfile(
  values: ProfileValues,
):
  | { readonly ok: true; readonly input: SaveProfileInput }
  | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const given = {
    name: values.name,
    ...(values.isDefault ? { isDefault: true } : {}),
    capacity: values.capacity.trim() === "" ? null : Number(values.capacity),
    python: orNull(values.python),
    graceMs: values.grace.trim() === "" ? Number.NaN : Math.round(Number(values.grace) * 1000),
    workingDirectory: orNull(values.workingDirectory),
    environment: recordOf(values.environment),
    imageMap: recordOf(values.imageMap),
    runsWithoutMounts: values.runsWithoutMounts,
    ...readContainer(values),
  };
  const read = SaveProfileInput.safeParse(given);
  if (read.success) return { ok: true, input: read.data };
  const errors = new Map<string, FieldError>();
  for (const issue of read.error.issues) {
    // Limits and what is said of containers are groups, whose fields have names of their own.
    const isGroup = issue.path[0] === "limits" || issue.path[0] === "container";
    const depth = issue.path[1] === "pod" ? 2 : isGroup ? 1 : 0;
    const field = String(issue.path[depth]);
    if (errors.has(field)) continue;
    errors.set(field, {
      fieldId: profileFieldId(field),
      label: LABELS[field] ?? field,
      message: wordsOf(field, issue),
    });
  }
  return { ok: false, errors: [...errors.values()] };
}

function wordsOf(field: string, issue: { readonly message: string; readonly path: readonly PropertyKey[] }): string {
  if (field === "capacity") return "Write a whole number from 1 to 10,000, or leave it empty.";
  if (field === "graceMs") return "Write seconds from 0 to 3,600.";
  const words = CONTAINER_WORDS[field];
  if (words !== undefined) return words;
  if (issue.path[1] === "pod" && issue.path.length > 3) return `${issue.path.slice(3).join(".")}: ${issue.message}`;
  if (issue.path[0] === "container") return issue.message;
  const place = issue.path[1];
  return place === undefined ? issue.message : `${String(place)}: ${issue.message}`;
}
