/** Material for tests of attempts: a data directory, a runner and requests with everything but the subject at rest. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ContainerBody, Step, StepBody, StepInterface } from "@/pipelines/graph";
import { aStep } from "@/server/domain/planning/testing/graphs";
import { LOCAL_PROFILE } from "@/server/domain/profile";
import { dataDir } from "@/server/platform/data-dir";
import { maskerOf } from "@/server/platform/masking";
import {
  type AttemptRequest,
  type AttemptRunner,
  type ExitReport,
  type Outcome,
  type RunContext,
  StartRefusal,
  type Vault,
} from "./contract";
import { type ProcessRunnerOptions, processAttemptRunner } from "./runner";

const NO_INTERFACE: StepInterface = { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] };

export const container = (changes: Partial<ContainerBody>): ContainerBody => ({
  body: "container",
  image: "registry.invalid/image:1",
  command: ["sh", "-c", "true"],
  args: [],
  env: [],
  component: "comp-a",
  ...changes,
});

export const step = (body: StepBody, declared: Partial<StepInterface> = {}): Step =>
  aStep("a", { interface: { ...NO_INTERFACE, ...declared }, body });

/** A vault that holds what is given; nothing by default. */
export function givenVault(
  held: {
    readonly secrets?: { readonly [name: string]: { readonly [key: string]: string } };
    readonly configMaps?: { readonly [name: string]: { readonly [key: string]: string } };
    readonly volumes?: { readonly [name: string]: string };
  } = {},
): Vault {
  return {
    values(name) {
      const shown = held.configMaps?.[name];
      const values = shown ?? held.secrets?.[name];
      return values && { isShown: shown !== undefined, values };
    },
    volume: (name) => held.volumes?.[name],
    masker: () => maskerOf(Object.values(held.secrets ?? {}).flatMap((values) => Object.values(values))),
  };
}

/** A data directory of its own, a runner over it, and what a run of it looks like. */
export function attemptBench(options: Partial<ProcessRunnerOptions> = {}) {
  const home = mkdtempSync(join(tmpdir(), "penstock-attempt-"));
  const folders = dataDir(home);
  const another = () =>
    processAttemptRunner({
      dataDir: folders,
      python: "python3",
      indexUrl: null,
      environment: process.env,
      vault: givenVault(),
      ...options,
    });
  const runner = another();
  let lastKey = 0;
  const run: RunContext = {
    key: 1,
    id: "run-1",
    name: "a run",
    format: "kfp",
    pipelineName: "pipe",
    createdAtMs: Date.UTC(2024, 1, 3, 4, 5, 6),
    scheduledAtMs: Date.UTC(2024, 1, 3, 4, 5, 6),
    parameters: {},
    files: [],
    specFile: "pipe.yaml",
    profile: { ...LOCAL_PROFILE, graceMs: 300 },
    fileMode: "shared",
    continues: null,
  };
  return {
    home,
    folders,
    runner,
    /** A runner as the next engine has it, over the same data directory. */
    another,
    run,
    /** Stores a file as an upload would; the answer goes into the run's files. */
    blob(path: string, text: string, isExecutable = false) {
      const digest = createHash("sha256").update(text).digest("hex");
      mkdirSync(dirname(folders.blob(digest)), { recursive: true });
      writeFileSync(folders.blob(digest), text, { mode: 0o400 });
      return { path, digest, isExecutable };
    },
    request(subject: Step, changes: Partial<AttemptRequest> = {}): AttemptRequest {
      lastKey += 1;
      return {
        run,
        step: subject,
        taskKey: lastKey,
        taskPath: subject.path,
        attemptKey: lastKey,
        number: 1,
        inputs: { parameters: {}, artifacts: {} },
        upstream: [],
        ...changes,
      };
    },
    directory: (request: AttemptRequest): string => folders.attempt(request.run.key, request.taskKey, request.number),
    close() {
      runner.reapStrays();
      runner.release();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** Begins an attempt and waits for its end. */
export const endOf = (runner: AttemptRunner, request: AttemptRequest): Promise<ExitReport> =>
  new Promise((resolve, reject) => {
    runner.begin(request, resolve).catch(reject);
  });

/** Begins an attempt, waits for its end and collects it. */
export const outcomeOf = async (runner: AttemptRunner, request: AttemptRequest): Promise<Outcome> =>
  runner.collect(request, await endOf(runner, request));

/** The refusal a start ends with; anything else is an error. */
export async function refusalOf(promise: Promise<unknown>): Promise<StartRefusal> {
  const error = await promise.then(
    () => new Error("it was started"),
    (reason: unknown) => reason,
  );
  if (error instanceof StartRefusal) return error;
  throw error;
}
