/** Judges what a version needs of a profile, of the stored secrets and of the settings, as they stand now. */
import type { Db } from "@/db/client";
import { startQueries } from "@/db/queries/run-start";
import { findSecret, valuesOfSecret } from "@/db/queries/secrets";
import { elyraNeeds } from "@/pipelines/elyra/support";
import type { PipelineGraph, Problem } from "@/pipelines/graph";
import type { GivenParameters } from "@/pipelines/kfp/known-value";
import { judgeNeeds, type StartJudgement, type StartNeeds, startNeeds } from "@/pipelines/kfp/start-needs";
import { type ExecutorKind, LOCAL_PROFILE, type ProfileSettings } from "@/server/domain/profile";
import { findProgram } from "@/server/platform/command-path";
import { readSetting } from "../settings/setting";

/** What processes do without and containers are given. */
const GIVEN_TO_CONTAINERS: ReadonlySet<string> = new Set([
  "cpu-limit",
  "accelerator",
  "elyra-gpu",
  "elyra-kubernetes_shared_mem_size",
  "platform-enabledSharedMemory",
]);

/** What pods are given beside it. */
const GIVEN_TO_PODS: ReadonlySet<string> = new Set([
  ...GIVEN_TO_CONTAINERS,
  "resources",
  "elyra-cpu",
  "elyra-memory",
  "elyra-kubernetes_pod_annotations",
  "elyra-kubernetes_pod_labels",
  "elyra-kubernetes_tolerations",
  "platform-podMetadata",
  "platform-tolerations",
  "platform-nodeSelector",
  "platform-nodeAffinity",
  "platform-podAffinity",
  "platform-imagePullSecret",
  "platform-imagePullPolicy",
  "platform-securityContext",
]);

const GIVEN: { readonly [E in ExecutorKind]: ReadonlySet<string> } = {
  process: new Set(),
  docker: GIVEN_TO_CONTAINERS,
  kubernetes: GIVEN_TO_PODS,
};

/** Of what a version asks for, what runs under this profile do without. */
export const doneWithout = <T extends { readonly code: string }>(
  notices: readonly T[],
  { executor }: Pick<ProfileSettings, "executor">,
): readonly T[] => notices.filter(({ code }) => !GIVEN[executor].has(code));

const NOTHING: StartJudgement = { refusals: [], notices: [] };

function keysOfSecret(db: Db, name: string): ReadonlySet<string> | undefined {
  const found = findSecret(db, name);
  return found === undefined ? undefined : new Set(valuesOfSecret(db, found.key).map((value) => value.name));
}

/** What stands against a start under this profile, and what the run will do without. */
export function judgeStart(
  db: Db,
  needs: StartNeeds | null,
  { executor, runsWithoutMounts, environment }: Pick<ProfileSettings, "executor" | "runsWithoutMounts" | "environment">,
  parameters: GivenParameters,
): StartJudgement {
  if (needs === null) return NOTHING;
  return judgeNeeds(needs, {
    runsWithoutMounts,
    hasContainers: executor !== "process",
    mountsOwn: executor === "docker",
    parameters,
    importHosts: readSetting(db, "import-hosts"),
    hasProgram: (name) => findProgram(name, environment.PATH ?? process.env.PATH ?? "") !== null,
    keysOf: (name) => keysOfSecret(db, name),
  });
}

/** Why runs that name no profile would be refused before anyone has given parameters. */
export function defaultRefusals(db: Db, graph: PipelineGraph, pipelineProfile: string | null): readonly Problem[] {
  const needs = startNeeds(graph) ?? elyraNeeds(graph);
  if (needs === null) return [];
  const { profile: find } = startQueries(db);
  // One that is gone refuses no version: the start itself says what to choose.
  const profile = find(pipelineProfile ?? undefined) ?? find(undefined);
  const settings: ProfileSettings = profile === undefined ? LOCAL_PROFILE : JSON.parse(profile.settings);
  return judgeStart(db, needs, settings, null).refusals;
}
