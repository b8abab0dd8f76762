/** `penstock doctor`: what is installed, what the executors need, what is wrong, and how to mend it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { readEnv } from "@/server/platform/env";
import { programRoot } from "@/server/platform/root";
import { type Check, checkMachine } from "./checks";
import { connect } from "./connection";
import { asCommandError, EXIT } from "./exit";
import type { Surroundings } from "./output";
import { JSON_FLAG, type Session, type Wrap } from "./session";

const ownVersion = (): string => JSON.parse(readFileSync(join(programRoot(), "package.json"), "utf8")).version;

function versionMessage(url: string, version: string): { ok: boolean; message: string } {
  const own = ownVersion();
  return own === version
    ? { ok: true, message: `${url}, Penstock ${version}` }
    : { ok: false, message: `${url} is Penstock ${version}, this command ${own}; use the command that came with it` };
}

async function checkServer(env: Surroundings["env"]): Promise<{ checks: Check[]; isReachable: boolean }> {
  let url = "";
  try {
    const connection = connect(env);
    url = connection.url;
    const { engine, slots, version } = await connection.api.system.status.query();
    const message = engine.alive
      ? `alive, ${slots.used} of ${slots.total} step slots used`
      : `no sign of life since ${engine.lastSeenAt ?? "ever"}; look into the server's log`;
    return {
      checks: [
        { name: "server", needed: true, ...versionMessage(url, version) },
        { name: "engine", needed: true, ok: engine.alive, message },
      ],
      isReachable: true,
    };
  } catch (error) {
    const { message, exit } = asCommandError(error, url);
    return {
      checks: [{ name: "server", needed: true, ok: false, message }],
      isReachable: exit !== EXIT.unreachable,
    };
  }
}

const mark = ({ ok, needed }: Check): string => (ok ? "ok" : needed ? "NOT OK" : "-");

/** Returns 0 when all that is needed is well, 1 when something is not, 3 when there is no server. */
async function doctor({ output, surroundings: { env } }: Session): Promise<number> {
  const server = await checkServer(env);
  const checks = [...(await checkMachine(readEnv(env, { insecure: true }), env)), ...server.checks];
  const ok = checks.every((check) => check.ok || !check.needed);
  output.print(
    { ok, checks },
    checks.map((check) => `${mark(check).padEnd(8)}${check.name}: ${check.message}`).join("\n"),
  );
  if (!server.isReachable) return EXIT.unreachable;
  return ok ? EXIT.ok : EXIT.failed;
}

/** Adds the subcommand. */
export function addDoctor(program: Command, action: Wrap): void {
  program
    .command("doctor")
    .description("say what is installed, what is wrong and how to mend it")
    .option(...JSON_FLAG)
    .action(action(doctor));
}
