/** Finds the cluster that a profile names: the kubeconfig as kubectl reads it, or the pod that Penstock runs in itself. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { ClusterRef } from "../executor";

/** What the search looks at; tests bring their own machine. */
export interface Around {
  readonly env: { readonly [name: string]: string | undefined };
  readonly home: string;
  /** Where a pod finds what it may say to its cluster. */
  readonly serviceAccount: string;
}

export const thisMachine = (): Around => ({
  env: process.env,
  home: homedir(),
  serviceAccount: "/var/run/secrets/kubernetes.io/serviceaccount",
});

/** A program that hands out credentials, as clouds have them. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly installHint: string | null;
}

/** Everything that is needed to speak to a cluster. */
export interface ClusterAccess {
  readonly server: string;
  readonly namespace: string;
  readonly ca: string | null;
  readonly serverName: string | null;
  readonly isUnverified: boolean;
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  readonly token: string | null;
  /** Read anew for each request: such tokens are replaced under way. */
  readonly tokenFile: string | null;
  readonly password: { readonly username: string; readonly password: string } | null;
  readonly plugin: ExecPlugin | null;
}

/** The cluster cannot be known; the message says why and what to do. */
export class NoCluster extends Error {
  override readonly name = "NoCluster";
}

const Text = z.string().min(1).optional();
const Cluster = z.object({
  server: z.string().regex(/^https?:\/\//),
  "certificate-authority": Text,
  "certificate-authority-data": Text,
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": Text,
});
const User = z.object({
  "client-certificate": Text,
  "client-certificate-data": Text,
  "client-key": Text,
  "client-key-data": Text,
  token: Text,
  tokenFile: Text,
  username: Text,
  password: Text,
  exec: z
    .object({
      apiVersion: z.string(),
      command: z.string(),
      args: z.array(z.string()).nullish(),
      env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
      installHint: z.string().optional(),
    })
    .optional(),
  "auth-provider": z.object({ name: z.string() }).optional(),
});
const Context = z.object({ cluster: z.string(), user: z.string().optional(), namespace: Text });

const named = <T extends z.ZodType>(key: string, of: T) =>
  z.array(z.object({ name: z.string(), [key]: of.optional() })).nullish();

const Config = z.object({
  "current-context": z.string().optional(),
  clusters: named("cluster", Cluster),
  users: named("user", User),
  contexts: named("context", Context),
});

interface Found<T> {
  readonly value: T;
  /** Relative paths in a kubeconfig start where it lies. */
  readonly folder: string;
}

interface Merged {
  currentContext: string | null;
  readonly clusters: Map<string, Found<z.infer<typeof Cluster>>>;
  readonly users: Map<string, Found<z.infer<typeof User>>>;
  readonly contexts: Map<string, Found<z.infer<typeof Context>>>;
}

function readConfig(path: string): z.infer<typeof Config> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new NoCluster(`the kubeconfig ${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return Config.parse(parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new NoCluster(`${path} is no kubeconfig: ${why.slice(0, 300)}`);
  }
}

/** Several files are one configuration, in which the first to name a thing wins. */
function merged(paths: readonly string[]): Merged {
  const all: Merged = { currentContext: null, clusters: new Map(), users: new Map(), contexts: new Map() };
  for (const path of paths) {
    const config = readConfig(path);
    const folder = dirname(path);
    all.currentContext ??= config["current-context"] || null;
    const take = <T>(into: Map<string, Found<T>>, list: readonly object[] | null | undefined, key: string): void => {
      for (const item of (list ?? []) as readonly { readonly [key: string]: unknown }[]) {
        const name = String(item.name);
        if (!into.has(name) && item[key] !== undefined) into.set(name, { value: item[key] as T, folder });
      }
    };
    take(all.clusters, config.clusters, "cluster");
    take(all.users, config.users, "user");
    take(all.contexts, config.contexts, "context");
  }
  return all;
}

function configPaths(wanted: string | null, { env, home }: Around): string[] {
  if (wanted !== null) return [wanted];
  const given = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  if (given.length > 0) return given.filter((path) => existsSync(path));
  const usual = join(home, ".kube", "config");
  return existsSync(usual) ? [usual] : [];
}

/** The access of a pod to its own cluster; null outside of one. */
function fromInside({ env, serviceAccount }: Around): ClusterAccess | null {
  const [host, port] = [env.KUBERNETES_SERVICE_HOST, env.KUBERNETES_SERVICE_PORT];
  const tokenFile = join(serviceAccount, "token");
  if (!host || !port || !existsSync(tokenFile)) return null;
  const read = (name: string): string | null => {
    const path = join(serviceAccount, name);
    return existsSync(path) ? readFileSync(path, "utf8").trim() : null;
  };
  return {
    ...NOTHING,
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    namespace: read("namespace") ?? "default",
    ca: read("ca.crt"),
    tokenFile,
  };
}

const NOTHING = {
  ca: null,
  serverName: null,
  isUnverified: false,
  certificate: null,
  token: null,
  tokenFile: null,
  password: null,
  plugin: null,
} as const;

/** A value that stands in the file as base64, or in a file of its own. */
function held(data: string | undefined, file: string | undefined, folder: string): string | null {
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  if (file === undefined) return null;
  try {
    return readFileSync(resolve(folder, file), "utf8");
  } catch (error) {
    throw new NoCluster(`the kubeconfig names a file that cannot be read: ${(error as Error).message}`);
  }
}

const listed = (names: Iterable<string>): string => [...names].slice(0, 10).join(", ") || "none";

function fromConfig(all: Merged, { context, namespace }: ClusterRef): ClusterAccess {
  const name = context ?? all.currentContext;
  if (name === null)
    throw new NoCluster(`the kubeconfig has no current context; it has ${listed(all.contexts.keys())}`);
  const chosen = all.contexts.get(name)?.value;
  if (chosen === undefined) {
    throw new NoCluster(`the kubeconfig has no context "${name}"; it has ${listed(all.contexts.keys())}`);
  }
  const cluster = all.clusters.get(chosen.cluster);
  if (cluster === undefined)
    throw new NoCluster(`the context "${name}" names the cluster "${chosen.cluster}", which is not there`);
  const { value: at, folder } = cluster;
  const base = {
    ...NOTHING,
    server: at.server.replace(/\/+$/, ""),
    namespace: namespace ?? chosen.namespace ?? "default",
    ca: held(at["certificate-authority-data"], at["certificate-authority"], folder),
    serverName: at["tls-server-name"] ?? null,
    isUnverified: at["insecure-skip-tls-verify"] ?? false,
  };
  const user = chosen.user === undefined ? undefined : all.users.get(chosen.user);
  return user === undefined ? base : { ...base, ...credentialsOf(user) };
}

function credentialsOf({ value: user, folder }: Found<z.infer<typeof User>>): Partial<ClusterAccess> {
  const provider = user["auth-provider"]?.name;
  if (provider !== undefined) {
    throw new NoCluster(
      `the kubeconfig signs in with the auth-provider "${provider}", which Kubernetes has given up; use an exec plugin or a token`,
    );
  }
  const cert = held(user["client-certificate-data"], user["client-certificate"], folder);
  const key = held(user["client-key-data"], user["client-key"], folder);
  const { username, password, exec } = user;
  return {
    certificate: cert !== null && key !== null ? { cert, key } : null,
    token: user.token ?? null,
    tokenFile: user.tokenFile === undefined ? null : resolve(folder, user.tokenFile),
    password: username !== undefined && password !== undefined ? { username, password } : null,
    plugin:
      exec === undefined
        ? null
        : {
            apiVersion: exec.apiVersion,
            command: exec.command.includes("/") ? resolve(folder, exec.command) : exec.command,
            args: exec.args ?? [],
            env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
            installHint: exec.installHint ?? null,
          },
  };
}

/** The access to the cluster that a profile names. Throws `NoCluster`. */
export function clusterAccess(ref: ClusterRef, around: Around): ClusterAccess {
  const paths = configPaths(ref.kubeconfig, around);
  if (paths.length > 0) return fromConfig(merged(paths), ref);
  const inside = fromInside(around);
  if (inside !== null && ref.context === null) {
    return ref.namespace === null ? inside : { ...inside, namespace: ref.namespace };
  }
  throw new NoCluster("there is no kubeconfig (KUBECONFIG, ~/.kube/config), and Penstock runs in no pod");
}
