/** The variables of a container step: its own, and those the platform document takes from secrets, config maps and its pod. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { ContainerBody } from "@/pipelines/graph";
import { fieldVariables, podMetadata, type VaultVariables, vaultVariables } from "@/pipelines/kfp/platform";
import { type PodFacts, podField } from "@/pipelines/kfp/pod-fields";
import { expandEnvironment } from "@/server/domain/kfp/environment";
import { type AttemptRequest, StartRefusal, type Vault } from "../../contract";
import { attemptId, type Environment } from "../../environment";

/**
 * The whole environment of a step. Its own variables may use those of the platform document, which win over them as
 * they do in a pod, where they stand last. Throws `StartRefusal` for a secret that is not there and not optional.
 */
export function containerEnvironment(
  request: AttemptRequest,
  body: ContainerBody,
  base: Environment,
  vault: Vault,
): Environment {
  const platform = request.step.platform === undefined ? {} : platformEnvironment(request, vault);
  if (body.env.length === 0) return { ...base, ...platform };
  const inherited = new Map(Object.entries({ ...base, ...platform }));
  return { ...base, ...Object.fromEntries(expandEnvironment(body.env, inherited)), ...platform };
}

function platformEnvironment(request: AttemptRequest, vault: Vault): Environment {
  const fields = fieldVariables(request.step);
  const pod = fields.length === 0 ? null : podFacts(request);
  return Object.fromEntries([
    ...vaultVariables(request.step).flatMap((wanted) => valuesFrom(request, wanted, vault)),
    ...fields.map(({ env, fieldPath }) => [env, pod === null ? "" : podField(fieldPath, pod)] as const),
  ]);
}

function valuesFrom(request: AttemptRequest, wanted: VaultVariables, vault: Vault): (readonly [string, string])[] {
  const { what, setting, isOptional, variables } = wanted;
  const name = wanted.name ?? request.inputs.parameters[wanted.nameInput];
  if (typeof name !== "string" || name === "") {
    if (isOptional) return [];
    const message = `The step takes variables from a ${what} (${setting}) whose name has no value. The step that gives it has to be among the step's dependentTasks and to write it.`;
    throw new StartRefusal({ code: "missing-input", message, subject: null });
  }
  const held = vault.values(name);
  if (held === undefined && !isOptional) {
    const message = `The step needs the ${what} "${name}", which is not there. Add it under Secrets, then retry.`;
    throw new StartRefusal({ code: "missing-input", message, subject: name });
  }
  return variables.flatMap(({ env, key }) => {
    const value = held !== undefined && Object.hasOwn(held.values, key) ? held.values[key] : undefined;
    if (value !== undefined) return [[env, value] as const];
    if (isOptional) return [];
    const message = `The ${what} "${name}" has no value named "${key}", which the step takes as ${env}. Add it under Secrets, then retry.`;
    throw new StartRefusal({ code: "missing-input", message, subject: name });
  });
}

/** What stands for the pod of an attempt on this machine. */
function podFacts(request: AttemptRequest): PodFacts {
  const id = attemptId(request);
  const digest = createHash("sha256").update(id).digest("hex");
  const uid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return {
    name: id.replaceAll("/", "-").replaceAll("_", "-").toLowerCase(),
    uid: uid.join("-"),
    namespace: "default",
    nodeName: hostname(),
    serviceAccount: "default",
    address: "127.0.0.1",
    ...podMetadata(request.step),
  };
}
