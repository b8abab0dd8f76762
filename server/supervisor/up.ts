/** `npm start` and `penstock up`: reads the flags, and runs the server until it is told to stop. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readEnv, SettingsError } from "@/server/platform/env";
import { programRoot } from "@/server/platform/root";
import { bringUp } from "./bring-up";
import { childCommands, watchSources } from "./entries";

const USAGE = `penstock up [--port N] [--host H] [--home DIR] [--insecure] [--stop-steps]

  --port N       port to listen on (4270)
  --host H       address to bind (loopback); another one needs --insecure
  --home DIR     data directory (~/.penstock)
  --insecure     bind an address that others reach, over plain HTTP
  --stop-steps   end running steps when the server stops; otherwise they go on
`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  home: { type: "string" },
  insecure: { type: "boolean", default: false },
  "stop-steps": { type: "boolean", default: false },
  dev: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The data directory of development lies in the clone, so that it never touches real runs. */
const developmentHome = (): string => process.env.PENSTOCK_HOME ?? join(programRoot(), ".penstock-dev");

/** Calls `stop` at the first signal to end, and `hurry` at the next. */
function onSignals(stop: () => void, hurry: () => void): void {
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (isStopping) hurry();
      else stop();
      isStopping = true;
    });
  }
}

/** Runs the server until it is told to stop. Returns the exit code: 0 in order, 1 trouble, 2 wrong settings. */
export async function up(argv: readonly string[]): Promise<number> {
  try {
    const { values: flags } = parseArgs({ args: [...argv], options: OPTIONS });
    if (flags.help) {
      tell(USAGE);
      return 0;
    }
    const settings = readEnv(process.env, {
      ...flags,
      home: flags.home ?? (flags.dev ? developmentHome() : undefined),
    });
    const stopping = new AbortController();
    const hurrying = new AbortController();
    onSignals(
      () => stopping.abort(),
      () => hurrying.abort(),
    );
    await bringUp(settings, {
      commands: childCommands(settings, flags.dev),
      endsSteps: flags["stop-steps"],
      onUp: flags.dev ? watchSources : () => () => {},
      stopping: stopping.signal,
      hurrying: hurrying.signal,
      tell,
      complain,
    });
    return 0;
  } catch (error) {
    const isUsage = error instanceof SettingsError || (error instanceof TypeError && "code" in error);
    complain(error instanceof Error ? error.message : String(error));
    if (isUsage) complain("Run `npx penstock up --help` for the flags.");
    return isUsage ? 2 : 1;
  }
}
