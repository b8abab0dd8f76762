/** The Kubeflow fixtures as cases: what the index says, and beside it what only holds for one of them. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Case, Expectation } from "./case";
import { CHECKS, podMetadata } from "./kfp-checks";
import { type KfpFixture, kfpIndex } from "./kfp-index";
import { PREPARED, withoutMounts } from "./surroundings";

/** What cannot run as a process on any machine, by path, with the reason. The first that matches holds. */
const ONLY_DRAWN: readonly (readonly [RegExp, string])[] = [
  [/^components\/google-cloud|custom_training_job/, "runs on Vertex AI only"],
  [/various_io_types/, "its image is a placeholder without a command"],
  [/sequential[-_]v2/, "needs gsutil and a readable gs:// object"],
  [/xgboost/, "needs an open data service and wheels of 2020 (pandas 1.0.5, xgboost 1.1.1)"],
  [/upload_download_compiled/, "needs a MinIO server"],
  [/artifact_upload_download/, "downloads a data set from a model hub"],
  [/ray_integration/, "needs a Ray operator in Kubernetes"],
  [/v2_pipeline\.json|conditions\.json|params_v2\.json/, "the index has it for the upload alone; it wants kfp 1.8"],
];

/** Fixtures that name a version of the SDK with which nothing could run them, and the one that they are tried with. */
const OTHER_SDK: readonly (readonly [RegExp, string, string, string])[] = [
  [/essential\/embedded_artifact/, "2.14.3", "2.15.2", "kfp 2.14.3 as published has no EmbeddedInput"],
  [/proto_tests/, "2.14.0", "2.14.3", "kfp 2.14.0 was never published"],
  [
    /src\/data\/test\/lightweight_python/,
    "2.0.0-alpha.1",
    "2.0.0-beta.16",
    "kfp 2.0.0-alpha.1 cannot be installed on the Pythons of today",
  ],
];

const REFUSED: readonly (readonly [RegExp, RegExp])[] = [
  [/optional_artifacts|google_artifact_type|pipeline_with_importer\.yaml/, /gs:/],
  [/modelcar/, /oci:/],
  [/input_artifact|pipeline_with_metadata_fields/, /takes the artifact .* as input, which a run cannot be given/],
  [/secret_as_volume|pvc[-_]mount|dynamic_pvc|^valid\/pipeline_with_volume/, /mount/],
];

/** Parts of the short form: one of every construct, few versions of the SDK. */
const SLICE =
  /producer_consumer|if_elif_else|failing\/pipeline_with_exit|execution_pipeline_with_exit|optional_inputs|nested_pipeline_opt|importer_workspace|secret_as_env|optional_artifacts|pythonic_artifacts|parallel_for_secret|embedded_artifact|if_placeholder|concat_placeholder|create_mount_delete_existing|with_oneof\.yaml|^valid\/pipeline_with_loops_and|pod_metadata/;

function expectationOf(fixture: KfpFixture): Expectation {
  const { path, end, outputs } = fixture;
  const drawn = ONLY_DRAWN.find(([pattern]) => pattern.test(path));
  if (drawn !== undefined) return { is: "drawn", reason: drawn[1] };
  const refused = REFUSED.find(([pattern]) => pattern.test(path));
  if (refused !== undefined) return { is: "refused-at-start", says: refused[1] };
  // One of its steps wants an empty variable that nothing in the file declares; on a cluster it fails as well.
  if (/pod_metadata_complex/.test(path)) return { is: "ended", state: "failed", check: podMetadata };
  if (/long-running/.test(path)) return { is: "terminated", atRunning: 1 };
  const check = CHECKS.find(([pattern]) => pattern.test(path))?.[1];
  return {
    is: "ended",
    state: end ?? "succeeded",
    ...(outputs !== null && { outputs }),
    ...(check !== undefined && { check }),
  };
}

function caseOf(fixture: KfpFixture): Case {
  const { path } = fixture;
  const prepared = PREPARED.find(([pattern]) => pattern.test(path))?.[1];
  const needsNoMounts = /k8s cfg ignored/.test(fixture.asProcess);
  return {
    suite: "kfp",
    name: path,
    files: { [basename(path)]: fixture.text },
    parameters: fixture.arguments,
    isInSlice: SLICE.test(path),
    ...(needsNoMounts ? withoutMounts(prepared) : prepared),
    expect: expectationOf(fixture),
  };
}

/** The env-var fixtures fail without their variable, which the index says; with it they succeed. */
function withVariable(fixture: KfpFixture): Case {
  return {
    ...caseOf(fixture),
    name: `${fixture.path} with the variable`,
    parameters: { env_var: "PENSTOCK_STEP" },
    expect: { is: "ended", state: "succeeded", outputs: { Output: "comp" } },
  };
}

/** The fixture as it is, listed with the reason, and with a version of the SDK that can be had. */
function withOtherSdk(one: Case): Case[] {
  const other = OTHER_SDK.find(([pattern]) => pattern.test(one.name));
  if (other === undefined) return [one];
  const [, named, taken, reason] = other;
  const files = Object.entries(one.files).map(([path, text]) => [
    path,
    String(text).replaceAll(`kfp==${named}`, `kfp==${taken}`),
  ]);
  return [
    { ...one, expect: { is: "drawn", reason } },
    { ...one, name: `${one.name} with kfp ${taken}`, files: Object.fromEntries(files) },
  ];
}

const INVALID: readonly (readonly [string, RegExp])[] = [
  ["empty_file.yaml", /empty|no pipeline/i],
  ["invalid_yaml.yaml", /components_1/],
  ["empty_zip.zip", /zip|archive|no pipeline/i],
];

function invalid(folder: string): Case[] {
  return INVALID.map(([name, says]) => ({
    suite: "kfp",
    name: `invalid/${name}`,
    files: { [name]: readFileSync(join(folder, "invalid", name)) },
    isInSlice: true,
    expect: { is: "refused-at-upload", says },
  }));
}

/** Every row of the index, some of them twice, and the invalid files. */
export function kfpCases(folder: string): Case[] {
  const fixtures = kfpIndex(folder);
  return [
    ...fixtures.map(caseOf).flatMap(withOtherSdk),
    ...fixtures.filter(({ path }) => /env-var/.test(path)).map(withVariable),
    ...invalid(folder),
  ];
}
