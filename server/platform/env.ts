/** Settings of the server: environment variables and command-line flags, parsed once, with an error for what is not known. */
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { nearestName } from "./nearest-name";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** What `--port`, `--host`, `--home` and `--insecure` say; a flag wins over its variable. */
export interface Flags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly home?: string | undefined;
  readonly insecure?: boolean | undefined;
}

export interface Settings {
  /** Absolute path of the data directory. */
  readonly home: string;
  /** Addresses to bind, the first one is named to people. */
  readonly hosts: readonly [string, ...string[]];
  readonly isLoopback: boolean;
  readonly isInsecure: boolean;
  readonly port: number;
  /** For clients: the server to talk to, null = the one of `server.json`. */
  readonly url: string | null;
  /** The token in place of the one in `server.json`; null = that one. */
  readonly token: string | null;
  readonly auth: "token" | "off";
  /** Steps at once on this machine. */
  readonly slots: number;
  readonly python: string;
  /** Package index for environments; null = pip's own configuration. */
  readonly indexUrl: string | null;
  /** Further Host names that are answered, lower case, without a port. */
  readonly allowedHosts: readonly string[];
  readonly log: (typeof LOG_LEVELS)[number];
}

/** Wrong settings; every problem in one message, each saying what to do. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}

const LOOPBACK = ["127.0.0.1", "::1"] as const;
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

/** Every variable of the server: how it is read, what it may be (in words), and its default. */
const VARIABLES = {
  PENSTOCK_HOME: { schema: z.string(), expected: "a directory" },
  PENSTOCK_HOST: { schema: z.string().regex(/^[A-Za-z0-9.:[\]_-]+$/), expected: "a host name or address" },
  PENSTOCK_PORT: { schema: wholeNumber(1, 65_535), expected: "a port from 1 to 65535" },
  PENSTOCK_URL: { schema: z.url({ protocol: /^https?$/ }), expected: "an address such as http://127.0.0.1:4270" },
  PENSTOCK_TOKEN: { schema: z.string().regex(/^[\x21-\x7e]+$/), expected: "printable characters without spaces" },
  PENSTOCK_AUTH: { schema: z.enum(["token", "off"]), expected: "`token` or `off`" },
  PENSTOCK_SLOTS: { schema: wholeNumber(1, 10_000), expected: "a number of steps from 1 to 10000" },
  PENSTOCK_PYTHON: { schema: z.string(), expected: "an interpreter, by name or path" },
  PENSTOCK_INDEX_URL: { schema: z.url(), expected: "the address of a package index" },
  PENSTOCK_ALLOWED_HOSTS: {
    schema: z.string().regex(/^[A-Za-z0-9.:[\]_,\s-]+$/),
    expected: "host names separated by commas",
  },
  PENSTOCK_LOG: { schema: z.enum(LOG_LEVELS), expected: `one of ${LOG_LEVELS.join(", ")}` },
} as const;

type VariableName = keyof typeof VARIABLES;
/** The value of each variable that is set, parsed. */
type Values = { [name in VariableName]?: z.output<(typeof VARIABLES)[name]["schema"]> };

/** Given to steps or read by tests; not settings of the server. */
const isOther = (name: string): boolean =>
  name.startsWith("PENSTOCK_KUBE_") ||
  ["PENSTOCK_FIXTURES", "PENSTOCK_GALLERY", "PENSTOCK_RUN_ID", "PENSTOCK_STEP", "PENSTOCK_ATTEMPT"].includes(name);

const isKnown = (name: string): name is VariableName => Object.hasOwn(VARIABLES, name);

function unknownVariable(name: string): string {
  const nearest = nearestName(name, Object.keys(VARIABLES));
  return `${name} is not a setting of Penstock; ${nearest ? `did you mean ${nearest}?` : "unset it"}`;
}

function parseVariables(
  given: { readonly [name: string]: string | undefined },
  flagNames: ReadonlySet<string>,
): Values {
  const problems: string[] = [];
  const values: { [name: string]: unknown } = {};
  for (const [name, text] of Object.entries(given)) {
    if (!name.startsWith("PENSTOCK_") || isOther(name)) continue;
    if (!isKnown(name)) {
      problems.push(unknownVariable(name));
      continue;
    }
    if (text === undefined || text.trim() === "") continue;
    const parsed = VARIABLES[name].schema.safeParse(text.trim());
    const label = flagNames.has(name) ? `--${name.slice("PENSTOCK_".length).toLowerCase()}` : name;
    const shown = name === "PENSTOCK_TOKEN" ? "" : ` "${text}"`;
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${label}${shown} is not understood; give ${VARIABLES[name].expected}`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return values as Values;
}

/** The settings that `env` and `flags` make together. Throws `SettingsError` with every problem there is. */
export function readEnv(env: { readonly [name: string]: string | undefined }, flags: Flags = {}): Settings {
  const overrides = Object.entries({
    PENSTOCK_PORT: flags.port,
    PENSTOCK_HOST: flags.host,
    PENSTOCK_HOME: flags.home,
  }).filter(([, value]) => value !== undefined);
  const values = parseVariables({ ...env, ...Object.fromEntries(overrides) }, new Set(overrides.map(([name]) => name)));
  const host = (values.PENSTOCK_HOST ?? "localhost").toLowerCase();
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const settings: Settings = {
    home: resolve(values.PENSTOCK_HOME ?? join(env.HOME || homedir(), ".penstock")),
    hosts: host === "localhost" ? [...LOOPBACK] : [bare],
    isLoopback: LOOPBACK_NAMES.has(host) || /^127(\.\d{1,3}){3}$/.test(host),
    isInsecure: flags.insecure ?? false,
    port: values.PENSTOCK_PORT ?? 4270,
    url: values.PENSTOCK_URL?.replace(/\/+$/, "") ?? null,
    token: values.PENSTOCK_TOKEN ?? null,
    auth: values.PENSTOCK_AUTH ?? "token",
    slots: values.PENSTOCK_SLOTS ?? availableParallelism(),
    python: values.PENSTOCK_PYTHON ?? "python3",
    indexUrl: values.PENSTOCK_INDEX_URL ?? null,
    allowedHosts: (values.PENSTOCK_ALLOWED_HOSTS ?? "")
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((name) => name !== ""),
    log: values.PENSTOCK_LOG ?? "info",
  };
  refuseOpenDoors(settings);
  return settings;
}

function refuseOpenDoors(settings: Settings): void {
  if (settings.isLoopback) return;
  const host = settings.hosts[0];
  if (settings.auth === "off") {
    throw new SettingsError([
      `PENSTOCK_AUTH=off would let everyone who reaches ${host} run code here; unset it, or bind to loopback`,
    ]);
  }
  if (!settings.isInsecure) {
    throw new SettingsError([
      `${host} is not a loopback address, and whoever signs in runs code here over plain HTTP; ` +
        "add --insecure if you want that, or leave out --host",
    ]);
  }
}
