/** The executor of pods with a real cluster: the contract of executors, and what only it has to stand. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { leftOut } from "@/e2e/support/container-engine";
import { startTestCluster, type TestCluster, whyNoCluster, whyNotAll } from "@/e2e/support/kube-cluster";
import { HTTP_STATUS, ProblemError } from "@/server/domain/problem-error";
import { answerPodOf } from "@/server/http/pod-files";
import type { ContainerOrder, PodOrder, StartSpec } from "../executor";
import { eventually, executorBench, executorContract, patient } from "../executor.contract";
import { kubernetesExecutor } from "./kubernetes";
import { kubernetesRig, testPodOrder } from "./testing";

const [why, whyNot] = [whyNoCluster(), whyNotAll()];
/** The first time everything is built. */
const START = 900_000;

describe.runIf(why === null)(`with a real cluster${leftOut(why)}`, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startTestCluster();
  }, START);
  afterAll(() => cluster?.close());
  const rig = () => kubernetesRig(cluster, kubernetesExecutor);

  const given = () => {
    const bench = executorBench(rig());
    onTestFinished(() => bench.close());
    const pod = (spec: StartSpec, order: Partial<ContainerOrder>, changes: Partial<PodOrder> = {}): StartSpec => ({
      ...spec,
      container: { ...testPodOrder(cluster, spec.directory, changes), ...order },
    });
    const podOf = (handle: object): string => String((handle as { pod: string }).pod);
    return { bench, pod, podOf };
  };

  /** A server that gives and takes the files of one attempt, as the web process does. */
  async function fileServer(directory: () => string): Promise<string> {
    const server = createServer((request, response) => {
      answerPodOf(directory(), request, response).catch((error: unknown) => {
        response.writeHead(error instanceof ProblemError ? HTTP_STATUS[error.code] : 500).end(String(error));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `${cluster.reach((server.address() as AddressInfo).port)}/api/pods/1/1/1/files`;
  }

  describe("pods", () => {
    it("are sent their files and bring back what they leave, with nothing in the image but themselves", async () => {
      const { bench, pod } = given();
      let directory = "";
      const address = await fileServer(() => directory);
      const spec = bench.step(
        "cat given/a; mkdir -p out/deep; echo made >out/deep/made; printf 'a\\0b' >'out/odd name'; ln -s deep/made out/link; exit 3",
      );
      directory = spec.directory;
      mkdirSync(join(directory, "given"));
      mkdirSync(join(directory, "out"));
      writeFileSync(join(directory, "given", "a"), "a thing given\n");
      const mounts = ["given", "out"].map((name) => ({ path: join(directory, name), isWritable: name === "out" }));
      const report = await bench.run(bench.engine(), pod(spec, { mounts }, { files: { by: "sending", address } }));
      expect([report, bench.log(spec)]).toEqual([
        {
          code: 3,
          signal: null,
          atMs: expect.any(Number),
          usage: { cpuMs: expect.any(Number), peakBytes: expect.any(Number) },
        },
        "a thing given\n",
      ]);
      expect(readFileSync(join(directory, "out", "deep", "made"), "utf8")).toBe("made\n");
      expect(readFileSync(join(directory, "out", "odd name"), "utf8")).toBe("a\0b");
      expect(readFileSync(join(directory, "out", "link"), "utf8")).toBe("made\n");
      await eventually("the pod is gone", () => cluster.pods().length === 0, 20_000);
    });

    it("are followed by the next engine, and say that theirs was deleted by hand", async () => {
      const { bench, podOf } = given();
      const spec = bench.step("echo before; echo up >self; sleep 60");
      const first = bench.engine();
      const { handle } = await bench.begun(first, spec);
      await bench.written(spec, "self");
      first.release();
      const second = bench.engine();
      const report = new Promise((resolve) => {
        void second.adopt(spec, handle, resolve);
      });
      cluster.kubectl(["delete", "pod", "-n", cluster.namespace, podOf(handle), "--wait=false", "--grace-period=1"]);
      expect(await report).toMatchObject({
        reason: { code: "lost", message: expect.stringMatching(/deleted from outside/) },
      });
      expect(bench.log(spec)).toBe("before\n");
    });

    it("are refused in words where there is no such cluster, context or namespace", async () => {
      const { bench, pod } = given();
      const refused = async (change: object) => {
        const spec = pod(
          bench.step("true"),
          {},
          { cluster: { kubeconfig: cluster.kubeconfig, context: null, namespace: cluster.namespace, ...change } },
        );
        return bench.engine().start(spec, () => undefined, patient());
      };
      await expect(refused({ kubeconfig: "/no/such/config" })).rejects.toThrow(
        /kubeconfig \/no\/such\/config cannot be read/,
      );
      await expect(refused({ context: "other" })).rejects.toThrow(/no context "other"; it has penstock/);
      await expect(refused({ namespace: "no-such" })).rejects.toThrow(/no namespace no-such/);
    });
  });

  describe.runIf(whyNot === null)(`in every state${leftOut(whyNot)}`, () => {
    it("say what they wait for, and give up when the profile's patience ends", async () => {
      const { bench, pod } = given();
      const spec = pod(bench.step("true"), {}, { nodeSelector: { nowhere: "at-all" }, patienceMs: 2_000 });
      const report = await bench.run(bench.engine(), spec);
      expect(report.reason).toMatchObject({
        code: "cannot-start",
        message: expect.stringMatching(/No node of the cluster can take/),
      });
      expect(bench.log(spec)).toMatch(/No node of the cluster can take the step's pod: 0\/1 nodes/);
    });

    it("say that their image or their program is not there", async () => {
      const { bench, pod } = given();
      const none = await bench.run(bench.engine(), pod(bench.step("true"), { image: "localhost/none:1" }));
      expect(none.reason).toMatchObject({
        code: "image-missing",
        message: expect.stringMatching(/localhost\/none:1 is not on the node/),
      });
      const missing = pod(bench.step("", 300, { argv: ["nosuch"] }), {});
      expect(await bench.run(bench.engine(), missing)).toMatchObject({ code: 127 });
      expect(bench.log(missing)).toMatch(/the image has no program "nosuch"/);
      const entry = pod(bench.step("", 300, { argv: ["from the image"] }), { usesEntrypoint: true });
      expect((await bench.run(bench.engine(), entry)).code).not.toBe(0);
    });

    it("say what they lack of the cluster", async () => {
      const { bench, pod } = given();
      const volume = { volume: { name: "c", configMap: { name: "none" } }, mount: { name: "c", mountPath: "/c" } };
      const spec = pod(bench.step("true"), {}, { volumes: [volume], patienceMs: 3_000 });
      const { report } = await bench.begun(bench.engine(), spec);
      const end = await Promise.race([
        report,
        new Promise<null>((resolve) => setTimeout(() => resolve(null), 40_000).unref()),
      ]);
      expect(end?.reason?.message).toMatch(/configmap "none" not found/);
    });

    it("fail in words where what they leave cannot be brought", async () => {
      const { bench, pod } = given();
      let directory = "";
      const address = await fileServer(() => directory);
      const spec = bench.step("echo up >out/up; sleep 2");
      mkdirSync(join(spec.directory, "out"));
      directory = spec.directory;
      const mounts = [{ path: join(spec.directory, "out"), isWritable: true }];
      const executor = bench.engine();
      const { report } = await bench.begun(executor, pod(spec, { mounts }, { files: { by: "sending", address } }));
      await eventually(
        "its files fetched",
        () =>
          existsSync(join(spec.directory, "log")) ||
          cluster.kubectl(["get", "pods", "-n", cluster.namespace]).includes("Running"),
        20_000,
      );
      // Another attempt's token is as good as none.
      directory = bench.home;
      expect(await report).toMatchObject({
        code: 1,
        reason: { code: "bad-output", message: expect.stringMatching(/ended with code 0.*401/s) },
      });
    });

    it("are removed when nobody follows them, and no others are", async () => {
      const { bench, podOf } = given();
      const spec = bench.step("echo up >self; sleep 60");
      const first = bench.engine();
      const { handle } = await bench.begun(first, spec);
      await bench.written(spec, "self");
      first.release();
      const foreign = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: "foreign",
          labels: { "penstock.dev/fence": crypto.randomUUID() },
          annotations: { "penstock.dev/directory": join(bench.home, "elsewhere") },
        },
        spec: {
          containers: [{ name: "main", image: cluster.image, imagePullPolicy: "Never", command: ["sleep", "60"] }],
        },
      };
      cluster.kubectl(["apply", "-n", cluster.namespace, "-f", "-"], JSON.stringify(foreign));
      const ref = { kubeconfig: cluster.kubeconfig, context: null, namespace: cluster.namespace };
      const second = kubernetesExecutor({ firstSweepMs: 1, clusters: () => [ref] });
      onTestFinished(() => second.release());
      second.reapStrays(bench.home, () => false);
      await eventually("the forgotten one gone", () => !cluster.pods().includes(`pod/${podOf(handle)}`), 20_000);
      expect(cluster.pods()).toContain("pod/foreign");
      cluster.kubectl(["delete", "pod", "foreign", "-n", cluster.namespace, "--wait=false", "--grace-period=1"]);
    });

    executorContract("kubernetes", rig);
  });
});
