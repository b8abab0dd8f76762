/** A started command as a terminal takes it: same directory, same environment, same arguments. */
import { shellQuote } from "@/server/domain/snippets/quoting";
import type { AttemptView } from "@/server/domain/views";

/** `cd … && env -i A=1 \` … one line an argument; pasted, it does what the attempt did. */
export function shellCommand(command: NonNullable<AttemptView["command"]>): string {
  const env = Object.entries(command.env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const lines = [`cd ${shellQuote(command.cwd)} &&`, ["env", ...env.map((each) => `  ${each}`)].join(" \\\n")];
  const argv = command.argv.map((word) => `  ${shellQuote(word)}`);
  return `${lines[0]}\n${[lines[1], ...argv].join(" \\\n")}`;
}
