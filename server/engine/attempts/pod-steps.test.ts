/** Steps in pods of a real cluster: what none of them may have or do, and what it took. */
import { afterAll, beforeAll, describe } from "vitest";
import { leftOut } from "@/e2e/support/container-engine";
import { startTestCluster, type TestCluster, whyNotAll } from "@/e2e/support/kube-cluster";
import { LOCAL_PROFILE } from "@/server/domain/profile";
import { containedContract, HOSTILE_VAULT } from "./contained.contract";
import { attemptBench } from "./testing";

const why = whyNotAll();
/** The first time everything is built. */
const START = 900_000;

describe.runIf(why === null)(`steps in pods${leftOut(why)}`, () => {
  let cluster: TestCluster;
  let bench: ReturnType<typeof attemptBench>;
  let claim: string;
  beforeAll(async () => {
    cluster = await startTestCluster();
    bench = attemptBench({ vault: HOSTILE_VAULT });
    claim = cluster.share("data", bench.home);
  }, START);
  afterAll(() => {
    bench?.close();
    cluster?.close();
  });

  const run = () => ({
    ...bench.run,
    profile: {
      ...LOCAL_PROFILE,
      executor: "kubernetes" as const,
      graceMs: 300,
      imageMap: { "registry.invalid/*": cluster.image },
      container: {
        pull: "never" as const,
        pod: { kubeconfig: cluster.kubeconfig, namespace: cluster.namespace, helperImage: cluster.image, claim },
      },
    },
  });

  containedContract("pods", () => ({ bench, asked: (subject) => bench.request(subject, { run: run() }) }));
});
