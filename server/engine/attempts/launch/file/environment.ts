/** The variables that a generic node finds, as Elyra sets them. */
import type { FileBody, JsonValue } from "@/pipelines/graph";
import { type RunContext, StartRefusal, type Vault } from "../../contract";
import type { Environment } from "../../environment";

const two = (value: number): string => String(value).padStart(2, "0");

/** Unique per run, the same for all its nodes: name and MMDDhhmmss of its creation, in UTC. */
function elyraRunName({ pipelineName, createdAtMs }: Pick<RunContext, "pipelineName" | "createdAtMs">): string {
  const at = new Date(createdAtMs);
  const parts = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return `${pipelineName}-${parts.map(two).join("")}`;
}

/** A parameter as the text of a variable; empty for null. */
function variableText(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Values of a step's secrets by the variable they go to. Throws `StartRefusal` where the vault lacks one. */
export function secretVariables(body: FileBody, vault: Vault): Environment {
  const found = body.secrets.map(({ env, secret, key }) => {
    const value = vault.values(secret)?.values[key];
    if (value !== undefined) return [env, value] as const;
    throw new StartRefusal({
      code: "missing-input",
      message: `The variable ${env} takes the key ${key} of the secret ${secret}, which is not there. Add it: penstock secrets set ${secret} ${key}`,
      subject: secret,
    });
  });
  return Object.fromEntries(found);
}

/**
 * Empty values are dropped, as Elyra does; a variable of the node wins over a parameter of the same name, and a secret
 * over both.
 */
export function elyraEnvironment(body: FileBody, run: RunContext, writable: string, secrets: Environment): Environment {
  const own = new Map(body.env.filter(({ value }) => value !== "").map(({ name, value }) => [name, value]));
  for (const name of body.parameterEnv) {
    const text = variableText(run.parameters[name] ?? null);
    if (text !== "" && !own.has(name)) own.set(name, text);
  }
  return {
    ...Object.fromEntries(own),
    ...secrets,
    ELYRA_RUNTIME_ENV: "local",
    ELYRA_RUN_NAME: elyraRunName(run),
    ELYRA_WRITABLE_CONTAINER_DIR: writable,
  };
}
