/** A start is judged by its profile, by the secrets that are there and by the hosts that may be fetched from. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { insertSecret, putSecretValue } from "@/db/queries/secrets";
import { putSetting } from "@/db/queries/settings";
import { document, node } from "@/pipelines/elyra/sample-document";
import type { JsonValue } from "@/pipelines/graph";
import { getVersionById } from "../pipelines/get-version";
import { type TestServices, testServices } from "../testing";
import { storeUpload } from "../uploads/store-upload";
import { getRun } from "./get-run";
import { startRun } from "./start-run";

let services: TestServices;
beforeEach(() => {
  services = testServices();
});
afterEach(() => services.close());

const AT = new Date(Date.UTC(2026, 10, 21));

async function uploaded(executor: JsonValue, platform: JsonValue = {}): Promise<string> {
  const spec = {
    pipelineInfo: { name: "needy" },
    schemaVersion: "2.1.0",
    deploymentSpec: { executors: { exec: executor } },
    components: { comp: { executorLabel: "exec" } },
    root: { dag: { tasks: { a: { componentRef: { name: "comp" }, taskInfo: { name: "a" } } } } },
  };
  const document = { platforms: { kubernetes: { deploymentSpec: { executors: { exec: platform } } } } };
  const text = `${JSON.stringify(spec)}\n---\n${JSON.stringify(document)}\n`;
  const { version } = await storeUpload(services.context, { files: [services.receive("needy.yaml", text)] });
  return version.id;
}

const SHELL = { container: { image: "alpine", command: ["true"] } };
const start = (versionId: string) => startRun(services.context, { versionId });
const refusalsOf = (versionId: string) => getVersionById(services.context, versionId).refusals.map((one) => one.rule);

test("a mount is refused, and listed on the run under a profile that does without", async () => {
  const version = await uploaded(SHELL, { pvcMount: [{ mountPath: "/data", constant: "disk" }] });
  expect(refusalsOf(version)).toEqual(["platform-pvcMount"]);
  await expect(start(version)).rejects.toMatchObject({
    code: "refused",
    problems: [{ rule: "platform-pvcMount", step: "a", message: expect.stringContaining("needs a container profile") }],
  });
  services.context.db.$client.prepare("update profile set runs_without_mounts = 1").run();
  expect(refusalsOf(version)).toEqual([]);
  const run = await start(version);
  expect(getRun(services.context, run.id).notices).toMatchObject([
    { code: "platform-pvcMount", message: expect.stringContaining("Not applied here: volumes"), step: "a" },
  ]);
});

test("a secret is asked for by name and by key, each start anew", async () => {
  const keyToEnv = [{ secretKey: "password", envVar: "PASSWORD" }];
  const version = await uploaded(SHELL, { secretAsEnv: [{ secretName: "db", keyToEnv }] });
  await expect(start(version)).rejects.toMatchObject({
    message: expect.stringContaining('the secret "db", which is not'),
  });
  const { db } = services.context;
  const dates = { createdAt: AT, updatedAt: AT };
  const secretKey = insertSecret(db, { name: "db", isShown: false, description: "", ...dates });
  await expect(start(version)).rejects.toMatchObject({ message: expect.stringContaining('no value named "password"') });
  putSecretValue(db, { secretKey, name: "password", value: "sealed", versionId: "v1", updatedAt: AT });
  expect(await start(version)).toMatchObject({ state: "pending" });
  expect(refusalsOf(version)).toEqual([]);
});

test("an Elyra node's mounts, secrets and pod settings are judged alike", async () => {
  const parameters = {
    filename: "a.py",
    mounted_volumes: [{ path: "/data", pvc_name: "disk" }],
    kubernetes_secrets: [{ env_var: "PASSWORD", name: "db", key: "password" }],
    kubernetes_tolerations: [{ key: "k", operator: "Exists" }],
    gpu: 1,
  };
  const text = JSON.stringify(document([node("a", { parameters })]));
  const files = [services.receive("needy.pipeline", text), services.receive("a.py", "")];
  const { version } = await storeUpload(services.context, { files });
  expect(refusalsOf(version.id)).toEqual(["platform-mounted_volumes", "platform-kubernetes_secrets"]);
  await expect(start(version.id)).rejects.toMatchObject({
    problems: [
      { step: "a", message: expect.stringContaining("needs a container profile") },
      { step: "a", message: expect.stringContaining('the secret "db", which is not there') },
    ],
  });
  const { db } = services.context;
  db.$client.prepare("update profile set runs_without_mounts = 1").run();
  const secretKey = insertSecret(db, { name: "db", isShown: false, description: "", createdAt: AT, updatedAt: AT });
  await expect(start(version.id)).rejects.toMatchObject({ message: expect.stringContaining('named "password"') });
  putSecretValue(db, { secretKey, name: "password", value: "sealed", versionId: "v1", updatedAt: AT });
  const run = await start(version.id);
  expect(
    getRun(services.context, run.id)
      .notices.map(({ code }) => code)
      .sort(),
  ).toEqual(["elyra-gpu", "elyra-kubernetes_tolerations", "platform-mounted_volumes"]);
});

test("a custom component starts where its program is on the machine", async () => {
  const definition = (program: string) =>
    `{name: C, implementation: {container: {image: tools:1, command: [${program}, -c, 'true']}}}`;
  const operation = `local-file-catalog:${createHash("sha256").update("c.yaml").digest("hex").slice(0, 12)}`;
  const text = JSON.stringify(document([node("a", { op: operation, parameters: { filename: "" } })]));
  const upload = async (program: string) => {
    const files = [services.receive("c.pipeline", text), services.receive("c.yaml", definition(program))];
    return (await storeUpload(services.context, { files })).version.id;
  };
  const nowhere = await upload("no-such-program");
  expect(refusalsOf(nowhere)).toEqual(["needs-container"]);
  await expect(start(nowhere)).rejects.toMatchObject({
    problems: [{ step: "a", message: expect.stringMatching(/needs a container profile.*no-such-program/) }],
  });
  expect(await start(await upload("sh"))).toMatchObject({ state: "pending" });
});

test("an address is fetched from a host of the setting alone", async () => {
  const version = await uploaded({ importer: { artifactUri: { constant: "https://data.example/x.csv" } } });
  await expect(start(version)).rejects.toMatchObject({ problems: [{ rule: "import", step: "a" }] });
  putSetting(services.context.db, { name: "import-hosts", value: ["data.example"], updatedAt: AT });
  expect(await start(version)).toMatchObject({ state: "pending" });
});

test("a run up to a step is not refused for what lies beyond it", async () => {
  const task = (name: string, more: { [key: string]: JsonValue } = {}) => ({
    componentRef: { name },
    taskInfo: { name },
    ...more,
  });
  const spec = {
    pipelineInfo: { name: "half" },
    schemaVersion: "2.1.0",
    deploymentSpec: { executors: { shell: SHELL, far: { importer: { artifactUri: { constant: "gs://b/k" } } } } },
    components: { first: { executorLabel: "shell" }, last: { executorLabel: "far" } },
    root: { dag: { tasks: { first: task("first"), last: task("last", { dependentTasks: ["first"] }) } } },
  };
  const file = services.receive("half.json", JSON.stringify(spec));
  const { version } = await storeUpload(services.context, { files: [file] });
  await expect(start(version.id)).rejects.toMatchObject({ problems: [{ rule: "import", step: "last" }] });
  const run = await startRun(services.context, { versionId: version.id, upTo: "first" });
  expect(run).toMatchObject({ state: "pending", extent: { kind: "up-to", step: "first" } });
  await expect(startRun(services.context, { versionId: version.id, upTo: "last" })).rejects.toMatchObject({
    code: "refused",
  });
});
