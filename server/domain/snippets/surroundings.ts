/** Snippets of what surrounds steps: profiles, secrets, volumes and settings. Values of secrets are never written out. */
import type { JsonValue } from "@/pipelines/graph";
import { shellQuote } from "./quoting";
import { command, curl, flag, none, procedure, type Snippets } from "./snippet";

const NO_KUBEFLOW = none("The Kubeflow API knows nothing of this; take curl or the command.");

export interface ProfileChange {
  readonly name: string;
  readonly python?: string | null;
  readonly environment?: { readonly [name: string]: string };
  readonly capacity?: number | null;
  readonly graceMs?: number;
  readonly isDefault?: boolean;
}

/** Makes a profile or changes what is given of one. */
export function saveProfile(origin: string, change: ProfileChange): Snippets {
  const { name, python, environment = {}, capacity, graceMs, isDefault } = change;
  const body: { readonly [name: string]: JsonValue } = {
    name,
    ...(python !== undefined && { python }),
    ...(change.environment !== undefined && { environment: { ...environment } }),
    ...(capacity !== undefined && { capacity }),
    ...(graceMs !== undefined && { graceMs }),
    ...(isDefault && { isDefault }),
  };
  return {
    curl: curl(origin, procedure("profiles.save", body)),
    python: NO_KUBEFLOW,
    command: command(
      ["profiles", "save", name],
      ...flag("--python", python),
      ...flag("--grace", graceMs === undefined ? undefined : String(graceMs / 1000)),
      ...Object.entries(environment).flatMap(([variable, value]) => flag("--env", `${variable}=${value}`)),
      ...(capacity === undefined ? [] : flag("--capacity", capacity === null ? "none" : String(capacity))),
      ...(isDefault ? ["--default"] : []),
    ),
  };
}

export const removeProfile = (origin: string, { name }: { readonly name: string }): Snippets => ({
  curl: curl(origin, procedure("profiles.remove", { name })),
  python: NO_KUBEFLOW,
  command: command(["profiles", "remove", name]),
});

const SECRET_BODY =
  'import json, sys; print(json.dumps({"name": sys.argv[1], "values": {sys.argv[2]: sys.stdin.read()}}))';

/** Sets one value of a secret, which is read from the variable `VALUE`. */
export function setSecret(origin: string, of: { readonly name: string; readonly key: string }): Snippets {
  const words = `${shellQuote(of.name)} ${shellQuote(of.key)}`;
  return {
    curl: {
      text: [
        `printf %s "$VALUE" | python3 -c ${shellQuote(SECRET_BODY)} ${words} |`,
        `curl --fail-with-body -X POST ${shellQuote(`${origin}/api/trpc/secrets.save`)}`,
        '-H "Authorization: Bearer $PENSTOCK_TOKEN"',
        "-H 'Content-Type: application/json'",
        "-d @-",
      ].join(" \\\n  "),
    },
    python: NO_KUBEFLOW,
    command: { text: `printf %s "$VALUE" | npx penstock secrets set ${words}` },
  };
}

export const removeSecret = (origin: string, { name }: { readonly name: string }): Snippets => ({
  curl: curl(origin, procedure("secrets.remove", { name })),
  python: NO_KUBEFLOW,
  command: command(["secrets", "remove", name]),
});

export const addVolume = (
  origin: string,
  { name, path }: { readonly name: string; readonly path: string | null },
): Snippets => ({
  curl: curl(origin, procedure("volumes.save", { name, ...(path !== null && { path }) })),
  python: NO_KUBEFLOW,
  command: command(["volumes", "add", name, ...(path === null ? [] : [path])]),
});

export const removeVolume = (origin: string, { name }: { readonly name: string }): Snippets => ({
  curl: curl(origin, procedure("volumes.remove", { name })),
  python: NO_KUBEFLOW,
  command: command(["volumes", "remove", name]),
});

export const changeSetting = (
  origin: string,
  { name, value }: { readonly name: string; readonly value: JsonValue },
): Snippets => ({
  curl: curl(origin, procedure("settings.save", { name, value })),
  python: NO_KUBEFLOW,
  command: command(["settings", "set", name, JSON.stringify(value)]),
});
