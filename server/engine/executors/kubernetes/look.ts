/** What a pod has come to: waiting for something, running, or ended with a code and, where it says more, a reason in words. */
import { byteText } from "@/server/domain/bytes";
import type { Reason } from "@/server/domain/reason";
import type { ExitReport } from "../../attempts/contract";
import type { ContainerState, ContainerStatus, Pod } from "./pod";

export interface LookFacts {
  readonly image: string;
  readonly helperImage: string;
  readonly memoryLimitBytes: number | null;
  /** Whether Penstock itself asked for the end. */
  readonly isStopped: boolean;
  readonly nowMs: number;
}

export type Look =
  | {
      readonly is: "waiting";
      readonly words: string | null;
      /** Nothing that the cluster does by itself ends the waiting. */
      readonly isHopeless: boolean;
      /** Something goes on meanwhile, however long it takes: the step's files are fetched. */
      readonly isBusy: boolean;
      readonly reason: Reason;
    }
  | {
      readonly is: "running";
      /** What it waits for although it runs, as far as anybody knows. */
      readonly words: string | null;
    }
  | {
      readonly is: "ended";
      readonly code: number | null;
      readonly atMs: number;
      readonly reason: Reason | null;
      /** What it took, where its helper had the time to say. */
      readonly usage?: ExitReport["usage"];
    };

const reasonOf = (code: Reason["code"], message: string, subject: Reason["subject"] = null): Reason => ({
  code,
  message,
  subject,
});

/** A node that took no notice of a deletion for this long after its time does not answer. */
const NODE_SILENT_MS = 120_000;

export const REMOVED = reasonOf(
  "lost",
  "The pod of the step was deleted from outside while it ran (with kubectl delete, or with its namespace). Start it again.",
);

const NODE_LOST = (node: string | undefined): Reason =>
  reasonOf(
    "lost",
    `The node ${node ?? "of the step"} does not answer, and nobody knows whether the step's pod still runs there. Look after the node, then start the step again.`,
    node ?? null,
  );

const sentence = (text: string | undefined): string => {
  const trimmed = (text ?? "").trim().replace(/\s+/g, " ").slice(0, 600);
  return trimmed === "" || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
};

/** Why the cluster itself ends a pod, by the reason of its condition DisruptionTarget. */
const DISRUPTIONS: { readonly [reason: string]: string } = {
  PreemptionByScheduler: "A pod of higher priority took the place of the step's pod.",
  DeletionByTaintManager:
    "The node was tainted, which the step's pod does not tolerate: most often it stopped answering.",
  EvictionByEvictionAPI: "The step's pod was evicted, as when a node is drained.",
  DeletionByPodGC: "The node of the step's pod is gone.",
  TerminationByKubelet: "The node ended the step's pod, for want of something or because it shuts down.",
};

function disruption({ status }: Pod): Reason | null {
  if (status?.reason === "Evicted") {
    return reasonOf(
      "lost",
      `The node evicted the step's pod. ${sentence(status.message)} Raise what the step requests, or start it again.`,
      "Evicted",
    );
  }
  const condition = status?.conditions?.find(({ type, status: is }) => type === "DisruptionTarget" && is === "True");
  if (condition === undefined) return null;
  const why = DISRUPTIONS[condition.reason ?? ""] ?? "The cluster ended the step's pod.";
  return reasonOf("lost", `${why} ${sentence(condition.message)} Start the step again.`, condition.reason ?? null);
}

/** How a container is told that its program cannot be started. */
const NO_PROGRAM = /exec: "([^"]*)"|exec (\S+): no such file|stat (\S+): no such file/;
const UNDELIVERED = /^penstock: code (\d+), nothing delivered to (\S+): (.*)$/s;

const USED = /^penstock: used (\d+|-) (\d+|-)(?:\n|$)/;

type Terminated = NonNullable<ContainerState["terminated"]>;

/** What the helper says of the step's use, and what it says beside that. */
function toldAtEnd(message = ""): { readonly usage: ExitReport["usage"]; readonly rest: string } {
  const [whole = "", cpu, peak] = USED.exec(message) ?? [];
  const count = (text: string | undefined): number | null => (text === undefined || text === "-" ? null : Number(text));
  const usage = whole === "" ? undefined : { cpuMs: count(cpu), peakBytes: count(peak) };
  return { usage, rest: message.slice(whole.length).trim() };
}

function endReason(pod: Pod, { exitCode, reason, message = "" }: Terminated, facts: LookFacts): Reason | null {
  if (exitCode === 0) return null;
  if (reason === "OOMKilled") return outOfMemory(exitCode, facts.memoryLimitBytes);
  const undelivered = UNDELIVERED.exec(toldAtEnd(message).rest);
  if (undelivered !== null) return notDelivered(undelivered);
  if (reason === "StartError" || reason === "ContainerCannotRun") return cannotRun(message, facts.image);
  if (facts.isStopped) return null;
  if (reason === "ContainerStatusUnknown") return disruption(pod) ?? NODE_LOST(pod.spec?.nodeName);
  return disruption(pod) ?? (pod.metadata.deletionTimestamp === undefined ? null : REMOVED);
}

function outOfMemory(exitCode: number, limitBytes: number | null): Reason {
  const limit = limitBytes === null ? "; the node had none left" : `; its limit is ${byteText(limitBytes)}`;
  return reasonOf(
    "out-of-memory",
    `The step was ended for want of memory (OOMKilled, exit code ${exitCode})${limit}. Raise the limit in the pipeline or the profile, or let the step use less.`,
    { limitBytes: limitBytes ?? 0, exitCode },
  );
}

const notDelivered = ([, code = "", address = "", why = ""]: RegExpExecArray): Reason =>
  reasonOf(
    "bad-output",
    `The step's command ended with code ${code}, and what it left could not be brought to Penstock at ${address}: ${sentence(why)} Check that pods reach this address and that it is among PENSTOCK_ALLOWED_HOSTS, then start the step again.`,
    address,
  );

function cannotRun(message: string, image: string): Reason {
  const found = NO_PROGRAM.exec(message);
  const program = found?.slice(1).find((part) => part !== undefined);
  if (program === undefined)
    return reasonOf("cannot-start", `The container of the step could not be started: ${sentence(message)}`);
  return reasonOf(
    "command-not-found",
    `The image ${image} has no program "${program}". Correct the step's command, or take an image that brings it.`,
    program,
  );
}

/** Waiting for these is no use: nothing that the cluster does by itself mends them. */
const HOPELESS: ReadonlySet<string> = new Set(["ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"]);

const IMAGE_TROUBLE =
  /^(?:ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable)$/;
/** What a registry says of an image that it does not have, however often it is asked. */
const NO_SUCH_IMAGE = /not found|manifest unknown|name unknown|does not exist/i;

function waitingFor(status: ContainerStatus, image: string): Look | null {
  const waiting = status.state?.waiting;
  const { reason = "", message } = waiting ?? {};
  if (IMAGE_TROUBLE.test(reason)) {
    const words = imageWords(reason, image, message);
    const isHopeless = HOPELESS.has(reason) || NO_SUCH_IMAGE.test(message ?? "");
    return { is: "waiting", words, isHopeless, isBusy: false, reason: reasonOf("image-missing", words, image) };
  }
  if (/Error$/.test(reason)) {
    const words = `The container of the step cannot be made (${reason}): ${sentence(message)} Correct the profile or the step.`;
    return {
      is: "waiting",
      words,
      isHopeless: HOPELESS.has(reason),
      isBusy: false,
      reason: reasonOf("cannot-start", words, reason),
    };
  }
  return null;
}

function imageWords(reason: string, image: string, message: string | undefined): string {
  if (reason === "ErrImageNeverPull") {
    return `The image ${image} is not on the node, and the profile never pulls images. Bring it there, map it to another image in the profile, or let the profile pull what is missing.`;
  }
  return `The image ${image} could not be pulled (${reason}): ${sentence(message)} Check its name and tag; for a registry that asks who you are, name an image pull secret in the profile.`;
}

const atMsOf = (text: string | undefined, nowMs: number): number => {
  const at = Date.parse(text ?? "");
  return Number.isFinite(at) ? at : nowMs;
};

const NOT_READY = reasonOf("cannot-start", "The pod of the step did not start within the patience of its profile.");

/** The cluster takes a pod for not ready, whose container runs, when its node has not been heard of for a while. */
function silence({ status, metadata, spec }: Pod): string | null {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  // The node itself would say why.
  if (ready?.status !== "False" || ready.reason !== undefined || metadata.deletionTimestamp !== undefined) return null;
  return `The node ${spec?.nodeName ?? "of the step"} does not answer. The step goes on when it is back, and is ended once the cluster gives it up.`;
}

/** What the pod is at. */
export function lookAt(pod: Pod, facts: LookFacts): Look {
  const { status, metadata, spec } = pod;
  const main = status?.containerStatuses?.find(({ name }) => name === "main");
  const fetch = status?.initContainerStatuses?.find(({ name }) => name === "fetch");
  const ended = main?.state?.terminated;
  const over = (reason: Reason | null, code: number | null = null, at?: string, usage?: ExitReport["usage"]): Look => ({
    is: "ended",
    code,
    atMs: atMsOf(at, facts.nowMs),
    reason,
    ...(usage !== undefined && { usage }),
  });
  if (ended !== undefined) {
    const isUnknown = ended.reason === "ContainerStatusUnknown";
    const { usage } = toldAtEnd(ended.message);
    return over(endReason(pod, ended, facts), isUnknown ? null : ended.exitCode, ended.finishedAt, usage);
  }
  const fetched = fetch?.state?.terminated;
  if (fetched !== undefined && fetched.exitCode !== 0) {
    if (facts.isStopped) return over(null);
    const helper = fetched.reason === "StartError" ? "The helper image has no static /bin/busybox." : "";
    return over(
      disruption(pod) ??
        reasonOf(
          "cannot-start",
          `The pod of the step could not be made ready: ${sentence(fetched.message) || helper || `code ${fetched.exitCode}.`}`,
        ),
    );
  }
  if (status?.phase === "Failed") {
    if (facts.isStopped) return over(null);
    const why = sentence(status.message) || "It says no more.";
    return over(
      disruption(pod) ??
        reasonOf(
          "cannot-start",
          `The pod of the step failed (${status.reason ?? "no reason"}): ${why}`,
          status.reason ?? null,
        ),
    );
  }
  if (
    metadata.deletionTimestamp !== undefined &&
    facts.nowMs > Date.parse(metadata.deletionTimestamp) + NODE_SILENT_MS
  ) {
    return over(NODE_LOST(spec?.nodeName));
  }
  if (main?.state?.running !== undefined) return { is: "running", words: silence(pod) };
  const trouble =
    (fetch === undefined ? null : waitingFor(fetch, facts.helperImage)) ??
    (main === undefined ? null : waitingFor(main, facts.image));
  if (trouble !== null) return trouble;
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") {
    const words = `No node of the cluster can take the step's pod: ${sentence(scheduled.message)} Let the step ask for less, change its node selector or tolerations, or add a node.`;
    return {
      is: "waiting",
      words,
      isHopeless: false,
      isBusy: false,
      reason: reasonOf("cannot-start", words, scheduled.reason ?? null),
    };
  }
  const isBusy = fetch?.state?.running !== undefined;
  return { is: "waiting", words: null, isHopeless: false, isBusy, reason: NOT_READY };
}
