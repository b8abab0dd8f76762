/** `penstock tokens`: API tokens for programs and other people. */
import type { Command } from "commander";
import { Option } from "commander";
import { type NewTokenView, TOKEN_ACCESS, type TokenAccess, type TokenView } from "@/server/domain/api-tokens";
import type { Api } from "./connection";
import { EXIT, refused } from "./exit";
import { JSON_FLAG, type Session, type Wrap } from "./session";

const DAY_MS = 24 * 3600 * 1000;

function tokenShape({ id, name, prefix, access, createdAt, expiresAt, lastUsedAt }: TokenView) {
  return { id, name, prefix, access, createdAt, expiresAt, lastUsedAt };
}

const newTokenShape = (token: NewTokenView) => ({ ...tokenShape(token), token: token.token });

/** To the minute, in UTC. */
const minute = (at: string | null, never: string): string => at?.slice(0, 16).replace("T", " ") ?? never;

async function listTokens({ output, connect }: Session): Promise<number> {
  const tokens = await connect().api.tokens.list.query();
  const rows = tokens.map(({ name, access, prefix, createdAt, lastUsedAt, expiresAt }) => [
    name,
    access,
    `${prefix}…`,
    minute(createdAt, ""),
    minute(lastUsedAt, "never"),
    minute(expiresAt, "never"),
  ]);
  const table = output.table([["NAME", "ACCESS", "TOKEN", "CREATED", "LAST USED", "EXPIRES"], ...rows]);
  output.print({ items: tokens.map(tokenShape), next: null }, tokens.length === 0 ? "No tokens." : table);
  return EXIT.ok;
}

/** The end of a token that is told as days from now, as a moment, or as `never`. */
function expiryOf(text: string, now: Date): string | null {
  if (text === "never") return null;
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const at = days === undefined ? new Date(text) : new Date(now.getTime() + Number(days) * DAY_MS);
  if (Number.isNaN(at.getTime())) {
    throw refused(`--expires ${text}: give days such as 30d, a moment such as 2030-01-31T12:00:00Z, or never.`);
  }
  return at.toISOString();
}

async function createToken(
  { output, connect }: Session,
  name: string,
  options: { readonly access: TokenAccess; readonly expires: string },
): Promise<number> {
  const expiresAt = expiryOf(options.expires, new Date());
  const created = await connect().api.tokens.create.mutate({ name, access: options.access, expiresAt });
  output.print(newTokenShape(created), created.token);
  output.note("This is shown once. Keep it where secrets are kept; revoke it with `penstock tokens revoke`.");
  return EXIT.ok;
}

async function tokenNamed(api: Api, name: string): Promise<TokenView> {
  const found = (await api.tokens.list.query()).find((token) => token.name === name || token.id === name);
  if (found === undefined) throw refused(`There is no token named ${name}; \`penstock tokens list\` tells all.`);
  return found;
}

async function revokeToken({ output, connect }: Session, name: string): Promise<number> {
  const { api } = connect();
  const revoked = await api.tokens.revoke.mutate({ id: (await tokenNamed(api, name)).id });
  output.print(tokenShape(revoked), `${revoked.name} is revoked; it opens nothing any more.`);
  return EXIT.ok;
}

async function renameToken({ output, connect }: Session, name: string, to: string): Promise<number> {
  const { api } = connect();
  const renamed = await api.tokens.rename.mutate({ id: (await tokenNamed(api, name)).id, name: to });
  output.print(tokenShape(renamed), `${name} is now named ${renamed.name}.`);
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addTokens(program: Command, action: Wrap): void {
  const tokens = program.command("tokens").description("API tokens for programs: list, create, rename, revoke");
  tokens
    .command("list")
    .description("all tokens that are not revoked, without their text")
    .option(...JSON_FLAG)
    .action(action(listTokens));
  tokens
    .command("create")
    .description("make a token and print it, this once")
    .argument("<name>", "what is written beside what is done with it")
    .addOption(new Option("--access <access>", "what it may do").choices(TOKEN_ACCESS).default("full"))
    .option("--expires <when>", "days such as 30d, a moment, or never", "90d")
    .option(...JSON_FLAG)
    .action(action(createToken));
  tokens
    .command("rename")
    .description("give a token another name")
    .argument("<name>")
    .argument("<new-name>")
    .option(...JSON_FLAG)
    .action(action(renameToken));
  tokens
    .command("revoke")
    .description("end a token at once and for good")
    .argument("<name>")
    .option(...JSON_FLAG)
    .action(action(revokeToken));
}
