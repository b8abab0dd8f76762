/** F16, the node: it falls silent while a step runs, comes back in time, or stays away until the cluster has given its pod up. */
import type { RunView } from "@/server/domain/views/runs";
import type { TaskView } from "@/server/domain/views/tasks";
import { whyNoCluster } from "../../support/kube-cluster";
import { until } from "../../support/server";
import { judged, logsOf, sameCommands } from "../contained-runs";
import { onPodStage, type PodStage, podsLeft, podsUp, startedRun, talkingThrough } from "../pod-stage";
import { pause, type Scenario } from "../scenario";

/** What a cluster marks a lost node with, so that its pods are given up. By itself it does so only while others are left. */
const TAINT = "penstock.test/lost";
/** The cluster waits 50 seconds for a node, and we two minutes for the end of a pod that is to go. */
const GIVEN_UP_MS = 300_000;

const isReady = ({ cluster }: PodStage): boolean =>
  cluster
    .kubectl(["get", "nodes", "-o", 'jsonpath={.items[0].status.conditions[?(@.type=="Ready")].status}'])
    .startsWith("True");

const readiness = (stage: PodStage, isWanted: boolean) =>
  until(`the node to be ${isWanted ? "ready" : "lost"}`, () => isReady(stage) === isWanted, 180_000, 1_000);

/** Back before the cluster gave the pod up, the node goes on with it: nothing was lost, not a line. */
const backInTime = (stage: PodStage): Promise<string[]> => {
  const wrong = async (): Promise<void> => {
    stage.cluster.silence(true);
    await readiness(stage, false);
    // What the step writes meanwhile has to be there too.
    await pause(10_000);
    stage.cluster.silence(false);
    await readiness(stage, true);
  };
  return talkingThrough(stage, "silent", 400, wrong, "does not answer");
};

const WAITS = /No node of the cluster can take the step's pod/;
const SCRIPT = 'echo "begin $PENSTOCK_ATTEMPT"; case $PENSTOCK_ATTEMPT in */1) sleep 3600 ;; esac; echo over';

/** Away for longer, its pod is given up in words, and the next attempt waits in words for a node. */
async function givenUp(stage: PodStage): Promise<string[]> {
  const run = await startedRun(stage, "lost", sameCommands("lost", 1, SCRIPT, { retryPolicy: { maxRetryCount: 1 } }));
  await podsUp(stage);
  stage.cluster.silence(true);
  const task = (await stage.api.query<RunView>("runs.get", { id: run })).tasks.find(({ step }) => step === "s0")?.id;
  await readiness(stage, false);
  stage.cluster.kubectl(["taint", "nodes", "--all", `${TAINT}=:NoExecute`]);
  const look = () => stage.api.query<TaskView>("tasks.get", { id: task });
  try {
    await until("a second attempt", async () => (await look()).attempts.length > 1, GIVEN_UP_MS, 1_000);
    await until("what it waits for to be told", async () => WAITS.test(await logOf(stage, task, 2)), 60_000, 500);
  } finally {
    stage.cluster.silence(false);
    stage.cluster.kubectl(["taint", "nodes", "--all", `${TAINT}-`]);
  }
  const end = await stage.api.finished(run, 300_000);
  const reason = (await look()).attempts.find(({ number }) => number === 1)?.reason;
  const found = judged("lost", end, null, /./);
  if (reason?.code !== "lost" || !/node penstock does not answer/.test(reason.message))
    found.push(`lost: the first attempt ended with ${reason?.code}: ${reason?.message}`);
  const log = logsOf(stage.server, run).get("s0") ?? "";
  if (!/begin \S+\/2\nover\n$/.test(log)) found.push(`lost: the second attempt said ${JSON.stringify(log)}`);
  return found;
}

async function logOf({ server }: PodStage, task: number | undefined, attempt: number): Promise<string> {
  const headers = { authorization: `Bearer ${server.token}` };
  return (await fetch(new URL(`/api/tasks/${task}/attempts/${attempt}/log`, server.url), { headers })).text();
}

export const nodeLostScenario: Scenario = {
  id: "F16-NODE",
  title: "pods: their node falls silent, and comes back in time, or too late",
  async run({ slice }) {
    const skipped = slice ? "it takes minutes; npm run faults -- F16-NODE runs it" : whyNoCluster({ builds: true });
    if (skipped !== null) return { violations: [], figures: {}, skipped };
    return onPodStage(async (stage) => {
      try {
        const found = [...(await backInTime(stage)), ...(await givenUp(stage)), ...(await podsLeft(stage))];
        return { violations: found, figures: { requests: stage.proxy.asked.length } };
      } finally {
        stage.cluster.silence(false);
      }
    });
  },
};
