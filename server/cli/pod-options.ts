/** The options of `penstock profiles save` about pods, and how a profile's are told. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parse } from "yaml";
import type { z } from "zod";
import { type PodSettingsInput, PodTemplateInput } from "@/server/domain/inputs/pods";
import { POD_DEFAULTS } from "@/server/domain/pod";
import { containerOf, type ProfileSettings, podOf } from "@/server/domain/profile";
import { refused } from "./exit";

export interface PodOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly podAddress?: string;
  readonly claim?: string;
  readonly helperImage?: string;
  readonly patience?: string;
  readonly podTemplate?: string;
}

/** Adds the options. */
export function addPodOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "kubeconfig of the cluster; empty: KUBECONFIG, ~/.kube/config or the own pod")
    .option("--context <name>", "context of the kubeconfig; empty: the current one")
    .option("--namespace <name>", "namespace of pods; empty: the context's")
    .option("--service-account <name>", "service account of steps; empty: none is named, and no token given")
    .option("--pod-address <url>", "http://host:port by which pods reach this server; files travel over it")
    .option("--claim <name>", "claim that holds the data directory, over which files are shared; empty: they travel")
    .option("--helper-image <image>", "image with a static /bin/busybox; empty: the usual one")
    .option("--patience <seconds>", "how long a pod may wait for a node and its images")
    .option("--pod-template <file>", "YAML of what every pod has: labels, tolerations, volumes and so on; -: nothing");
}

type PodInput = z.infer<typeof PodSettingsInput>;

function templateIn(file: string): z.infer<typeof PodTemplateInput> {
  if (file === "-" || file === "") return {};
  let written: unknown;
  try {
    written = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refused(`--pod-template ${file}: ${(error as Error).message}`);
  }
  const read = PodTemplateInput.safeParse(written);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refused(`--pod-template ${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is no template"}`);
}

function patienceOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds >= 1)) throw refused("--patience is a number of seconds from 1.");
  return Math.round(seconds * 1_000);
}

/** Only what was given. */
export function podChange(options: PodOptions): { pod?: PodInput } {
  const pod: PodInput = {
    ...(options.kubeconfig !== undefined && { kubeconfig: options.kubeconfig || null }),
    ...(options.context !== undefined && { context: options.context || null }),
    ...(options.namespace !== undefined && { namespace: options.namespace || null }),
    ...(options.serviceAccount !== undefined && { serviceAccount: options.serviceAccount || null }),
    ...(options.podAddress !== undefined && { address: options.podAddress || null }),
    ...(options.claim !== undefined && { claim: options.claim || null }),
    ...(options.helperImage !== undefined && { helperImage: options.helperImage || POD_DEFAULTS.helperImage }),
    ...(options.patience !== undefined && { patienceMs: patienceOf(options.patience) }),
    ...(options.podTemplate !== undefined && { template: templateIn(options.podTemplate) }),
  };
  return Object.keys(pod).length === 0 ? {} : { pod };
}

/** Lines about pods, a name and a value each. */
export function podRows(profile: ProfileSettings): string[][] {
  const { kubeconfig, context, namespace, serviceAccount, address, claim, helperImage, patienceMs, template } =
    podOf(profile);
  const { pull, image, isReadOnly, keepMs, user } = containerOf(profile);
  return [
    ["kubeconfig", kubeconfig ?? "the usual one"],
    ["context", context ?? "the current one"],
    ["namespace", namespace ?? "the context's"],
    ["service account", serviceAccount ?? "none"],
    [
      "files",
      claim === null ? `travel over ${address ?? "an address that is not given yet"}` : `on the claim ${claim}`,
    ],
    ["helper image", helperImage],
    ["patience", `${patienceMs / 1_000} s`],
    ["pull", pull],
    ["user", user ?? "the image's"],
    ["default image", image ?? "none"],
    ["read-only", isReadOnly ? "yes" : "no"],
    ["keep pods", `${keepMs / 1_000} s`],
    ...Object.entries(template).map(([name, value]) => ["every pod", `${name}: ${JSON.stringify(value)}`]),
  ];
}
