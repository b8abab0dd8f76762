/** The fields of its pod that a container may be given as a variable, and what stands for them where there is no pod. */
import type { JsonValue } from "../graph";

/** What a process has in the place of its pod. */
export interface PodFacts {
  /** Unique to the attempt. */
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly nodeName: string;
  readonly serviceAccount: string;
  readonly address: string;
  readonly labels: { readonly [name: string]: JsonValue };
  readonly annotations: { readonly [name: string]: JsonValue };
}

const FIELDS: { readonly [path: string]: (pod: PodFacts) => string } = {
  "metadata.name": ({ name }) => name,
  "metadata.uid": ({ uid }) => uid,
  "metadata.namespace": ({ namespace }) => namespace,
  "spec.nodeName": ({ nodeName }) => nodeName,
  "spec.serviceAccountName": ({ serviceAccount }) => serviceAccount,
  "status.hostIP": ({ address }) => address,
  "status.hostIPs": ({ address }) => address,
  "status.podIP": ({ address }) => address,
  "status.podIPs": ({ address }) => address,
};
const KEYED = /^metadata\.(labels|annotations)\['([^']+)'\]$/;

/** Whether Kubernetes gives this field to containers. */
export const isPodField = (fieldPath: string): boolean => Object.hasOwn(FIELDS, fieldPath) || KEYED.test(fieldPath);

/** The field's text; empty for a label or annotation that is not there, as in Kubernetes. */
export function podField(fieldPath: string, pod: PodFacts): string {
  const plain = Object.hasOwn(FIELDS, fieldPath) ? FIELDS[fieldPath] : undefined;
  if (plain !== undefined) return plain(pod);
  const [, area, key = ""] = KEYED.exec(fieldPath) ?? [];
  const values = area === "labels" ? pod.labels : pod.annotations;
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
