/** Says in words why a pod could not be made, and adds what the cluster itself tells of one. */
import type { Reason } from "@/server/domain/reason";
import { StartRefusal } from "../../attempts/contract";
import { ApiError, ApiGone } from "./client";
import { NoCluster } from "./kubeconfig";
import type { KubeEvent } from "./pod";

const refusal = (code: Reason["code"], message: string, subject: Reason["subject"] = null): StartRefusal =>
  new StartRefusal({ code, message, subject });

/** The refusal for a cluster that cannot be reached. */
const clusterGone = (message: string): StartRefusal =>
  refusal(
    "engine-gone",
    `The cluster cannot be reached: ${message}. Correct the kubeconfig or the context in the profile, or look after the cluster, then start a new run.`,
  );

/** The step was to be ended, and nobody could tell the cluster. */
export const UNREACHABLE: Reason = {
  code: "engine-gone",
  message:
    "The step was to be ended, and the cluster has not answered since. What is left of its pod is removed when the cluster is back.",
  subject: null,
};

/** Kubernetes counts a full quota among what is forbidden; it passes. */
export const isFullQuota = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 403 && /exceeded quota/.test(error.message);

/** The refusal for whatever went wrong while a pod was made. */
export function startTrouble(error: unknown, namespace: string): unknown {
  if (error instanceof NoCluster || error instanceof ApiGone) return clusterGone(error.message);
  if (!(error instanceof ApiError)) return error;
  const { status, message } = error;
  if (status === 401) {
    return refusal(
      "engine-gone",
      `The cluster does not know who asks: ${message}. Renew the credentials of the kubeconfig.`,
    );
  }
  if (status === 403) {
    return refusal(
      "engine-gone",
      `The cluster lets Penstock make no pods in the namespace ${namespace}: ${message}. Its account needs get, list, watch, create and delete of pods, get of pods/log and list of events.`,
      namespace,
    );
  }
  if (status === 404 && /namespaces? /.test(message)) {
    return refusal(
      "cannot-start",
      `The cluster has no namespace ${namespace}. Make it, or correct the profile.`,
      namespace,
    );
  }
  return refusal("cannot-start", `The cluster refused the pod: ${message}`, null);
}

/** The latest warnings of a pod, each once. */
function warnings(events: readonly KubeEvent[]): string[] {
  const told = events
    .filter(({ type }) => type === "Warning")
    .map(
      ({ reason, message }) => `${reason ?? "Warning"}: ${(message ?? "").trim().replace(/\s+/g, " ").slice(0, 300)}`,
    );
  return [...new Set(told)].slice(-3);
}

/** A reason with the pod's own events, where there are any that it does not say already. */
export function withEvents(reason: Reason, events: readonly KubeEvent[]): Reason {
  const fresh = warnings(events).filter(
    (line) => !reason.message.includes(line.replace(/^\w+: /, "").replace(/\.$/, "")),
  );
  if (fresh.length === 0) return reason;
  return { ...reason, message: `${reason.message} Events of the pod: ${fresh.join(" · ")}` };
}
