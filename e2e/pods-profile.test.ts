/** The same five pipelines as processes and in pods of a real cluster: the same outputs, artifacts and metrics, and no result shared. */
import { spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programRoot } from "@/server/platform/root";
import { type Api, apiOf } from "./support/api";
import { withoutIndex } from "./support/bundle";
import { leftOut, pythonFiles, whyNoPython } from "./support/container-engine";
import { FIVE_PIPELINES, leftBy } from "./support/five-pipelines";
import { scratch, startTestCluster, type TestCluster, whyNotAll } from "./support/kube-cluster";
import { freePort, startServer, type TestServer, until } from "./support/server";

const isBuilt = existsSync(join(programRoot(), "dist", "supervisor.js"));
const why = whyNotAll() ?? whyNoPython() ?? (isBuilt ? null : "nothing is built (npm run build)");
const SLOW = 900_000;
const IMAGE = "localhost/penstock-python:3";

describe.runIf(why === null)(`processes and pods${leftOut(why)}`, () => {
  let cluster: TestCluster;
  let server: TestServer;
  let api: Api;
  let steps = 0;
  beforeAll(async () => {
    cluster = await startTestCluster();
    await loadPython();
    const port = await freePort();
    const address = cluster.reach(port);
    server = await startServer({
      port,
      env: { PENSTOCK_SLOTS: "4", PENSTOCK_ALLOWED_HOSTS: new URL(address).hostname },
    });
    api = apiOf(server);
    await api.mutate("profiles.save", { name: "local", python: "/usr/bin/python3" });
    const common = {
      executor: "kubernetes",
      python: "/usr/bin/python3",
      imageMap: { "busybox:*": cluster.image, "*": IMAGE },
    };
    const pod = { kubeconfig: cluster.kubeconfig, namespace: cluster.namespace };
    await api.mutate("profiles.save", {
      name: "pods",
      ...common,
      container: { pull: "never", pod: { ...pod, address } },
    });
    await api.mutate("profiles.save", {
      name: "sharing",
      ...common,
      container: { pull: "never", pod: { ...pod, claim: cluster.share("data", server.home) } },
    });
  }, SLOW);
  afterAll(async () => {
    await server?.remove();
    cluster?.close();
  }, SLOW);

  /** An image of this machine's Python, for the cluster. */
  async function loadPython(): Promise<void> {
    const place = scratch();
    const [tar, root] = [join(place.path, "root.tar"), join(place.path, "root")];
    await pipeline(Readable.from(pythonFiles()), createWriteStream(tar));
    mkdirSync(root);
    spawnSync("tar", ["-xf", tar, "-C", root]);
    cluster.load(IMAGE, root);
    place.remove();
  }

  test.concurrent.each(FIVE_PIPELINES)(
    "%s leaves the same under both",
    async (_, files) => {
      const { version } = await api.upload(files);
      const ended = async (profile: string, cache = "use") => {
        const asked = { versionId: version.id, parameters: {}, profile, ...(cache === "ignore" && { cache }) };
        const run = await api.mutate<{ id: string }>("runs.create", asked);
        return api.finished(run.id, SLOW);
      };
      const process = await ended("local");
      const lacking = withoutIndex(process);
      if (lacking !== null) return console.log(`left out, because ${lacking}`);
      const expected = (await leftBy(api, process)).left;
      for (const profile of ["pods", "sharing"]) {
        // Both are pods, so the second would take the first one's results over.
        const run = await ended(profile, profile === "sharing" ? "ignore" : "use");
        expect([profile, run.state, run.firstFailure]).toEqual([profile, "succeeded", null]);
        const { left, attempts } = await leftBy(api, run);
        steps += attempts;
        expect([profile, left]).toEqual([profile, expected]);
        expect(run.tasks.filter((task) => task.state === "cached")).toEqual([]);
      }
    },
    SLOW,
  );

  test("each step of them ran in a pod, and none is left", async () => {
    expect(steps).toBeGreaterThan(20);
    await until("the last pod to go", () => cluster.pods().length === 0, 60_000, 500);
  });
});
