/** What the form of a profile holds about pods, as typed, and how it is read. */
import { parse, stringify } from "yaml";
import { POD_DEFAULTS, type PodSettings } from "@/server/domain/pod";
import { type ProfileSettings, podOf } from "@/server/domain/profile";

export interface PodValues {
  readonly kubeconfig: string;
  readonly context: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly address: string;
  readonly claim: string;
  readonly helperImage: string;
  /** Minutes. */
  readonly patienceMs: string;
  /** YAML. */
  readonly template: string;
}

export function podValues(profile: ProfileSettings): PodValues {
  const { template, patienceMs, helperImage, ...texts } = podOf(profile);
  return {
    kubeconfig: texts.kubeconfig ?? "",
    context: texts.context ?? "",
    namespace: texts.namespace ?? "",
    serviceAccount: texts.serviceAccount ?? "",
    address: texts.address ?? "",
    claim: texts.claim ?? "",
    helperImage: helperImage === POD_DEFAULTS.helperImage ? "" : helperImage,
    patienceMs: String(patienceMs / 60_000),
    template: Object.keys(template).length === 0 ? "" : stringify(template),
  };
}

const worded = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** What is no YAML becomes a text, which the schema refuses. */
function read(text: string): PodSettings["template"] {
  try {
    return parse(text) ?? {};
  } catch {
    return text as PodSettings["template"];
  }
}

/** The part of a request, unchecked. */
export const readPod = (values: PodValues): PodSettings => ({
  kubeconfig: worded(values.kubeconfig),
  context: worded(values.context),
  namespace: worded(values.namespace),
  serviceAccount: worded(values.serviceAccount),
  address: worded(values.address),
  claim: worded(values.claim),
  helperImage: worded(values.helperImage) ?? POD_DEFAULTS.helperImage,
  patienceMs: Math.round(Number(values.patienceMs.trim() || Number.NaN) * 60_000),
  template: read(values.template),
});

export const POD_LABELS: { readonly [field: string]: string } = {
  kubeconfig: "Kubeconfig",
  context: "Context",
  namespace: "Namespace",
  serviceAccount: "Service account",
  address: "Address of Penstock for pods",
  claim: "Claim with the data directory",
  helperImage: "Helper image",
  patienceMs: "Patience",
  template: "Every pod has",
};

/** What to write instead, where the schema's own words do not say it. */
export const POD_WORDS: { readonly [field: string]: string } = {
  patienceMs: "Write minutes, at most a week.",
  namespace: "Give the name of a namespace: lower-case letters, digits and dashes.",
};
