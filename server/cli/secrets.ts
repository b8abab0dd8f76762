/** `penstock secrets`: named values that steps may be given, and config maps, whose values are shown. */
import type { Command } from "commander";
import type { SecretView } from "@/server/domain/views/surroundings";
import { SHORTEST_HIDDEN } from "@/server/platform/masking";
import { EXIT, refused } from "./exit";
import { columns } from "./output";
import { pairOf } from "./pairs";
import { JSON_FLAG, type Session, type Wrap } from "./session";
import { secretShape } from "./shapes";

interface SetOptions {
  readonly configMap?: boolean;
  readonly secret?: boolean;
  readonly description?: string;
}

const kind = ({ isShown }: SecretView): string => (isShown ? "config map" : "secret");

function secretWords(secret: SecretView): string {
  const keys = secret.keys.map(({ name, value }) => [`  ${name}`, value === null ? "(never shown)" : firstLine(value)]);
  return [`${secret.name}: ${kind(secret)}`, columns(keys)].filter((text) => text !== "").join("\n");
}

function firstLine(value: string): string {
  const [first = "", ...rest] = value.split("\n");
  return rest.length === 0 ? first : `${first} … (${rest.length + 1} lines)`;
}

async function listSecrets({ output, connect }: Session): Promise<number> {
  const secrets = await connect().api.secrets.list.query();
  const rows = secrets.map((secret) => [
    secret.name,
    kind(secret),
    secret.updatedAt.slice(0, 19),
    secret.keys.map(({ name }) => name).join(", "),
  ]);
  const table = output.table([["NAME", "KIND", "CHANGED", "KEYS"], ...rows]);
  output.print({ items: secrets.map(secretShape), next: null }, secrets.length === 0 ? "No secrets." : table);
  return EXIT.ok;
}

/** A single line is taken without its line break, as `echo` and editors add one; several lines stay as they are. */
const withoutLastBreak = (text: string): string => (/^[^\n]*\n$/.test(text) ? text.replace(/\r?\n$/, "") : text);

async function valuesOf(given: readonly string[], stdin: () => Promise<string>): Promise<{ [key: string]: string }> {
  const keys = given.filter((text) => !text.includes("="));
  const [key] = keys;
  if (keys.length > 1) throw refused(`Only one value can be read from the standard input, not ${keys.join(" and ")}.`);
  const pairs = given.filter((text) => text.includes("=")).map((text) => pairOf("secrets set", text));
  const read = key === undefined ? [] : [[key, withoutLastBreak(await stdin())] as const];
  const values = [...pairs, ...read];
  const twice = values.find(([name], at) => values.findIndex(([other]) => other === name) < at);
  if (twice !== undefined) throw refused(`${twice[0]} is given twice.`);
  return Object.fromEntries(values);
}

async function setSecret(session: Session, name: string, given: string[], options: SetOptions): Promise<number> {
  if (options.configMap && options.secret) throw refused("Give either --config-map or --secret.");
  const { output, connect, surroundings } = session;
  const values = await valuesOf(given, surroundings.stdin);
  const saved = await connect().api.secrets.save.mutate({
    name,
    values,
    ...(options.configMap && { isShown: true }),
    ...(options.secret && { isShown: false }),
    ...(options.description !== undefined && { description: options.description }),
  });
  output.print(secretShape(saved), secretWords(saved));
  const short = Object.keys(values).filter((key) => Buffer.byteLength(values[key] ?? "") < SHORTEST_HIDDEN);
  if (!saved.isShown && short.length > 0) {
    output.note(`Logs do not hide values of fewer than ${SHORTEST_HIDDEN} bytes: ${short.join(", ")}.`);
  }
  return EXIT.ok;
}

async function removeSecret({ output, connect }: Session, name: string, key: string | undefined): Promise<number> {
  const { api } = connect();
  if (key === undefined) {
    const removed = await api.secrets.remove.mutate({ name });
    output.print(secretShape(removed), `${name} is removed. Steps that ask for it are refused from now on.`);
    return EXIT.ok;
  }
  const secrets = await api.secrets.list.query();
  if (!secrets.some((secret) => secret.name === name)) throw refused(`There is no secret or config map named ${name}.`);
  const left = await api.secrets.save.mutate({ name, values: { [key]: null } });
  output.print(secretShape(left), secretWords(left));
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addSecrets(program: Command, action: Wrap): void {
  const secrets = program.command("secrets").description("values that steps may be given: list, set, remove");
  secrets
    .command("list")
    .description("all secrets and config maps, without the values of secrets")
    .option(...JSON_FLAG)
    .action(action(listSecrets));
  secrets
    .command("set")
    .description("make a secret, or set values in one; a key without = takes its value from the standard input")
    .argument("<name>")
    .argument("[key=value...]")
    .option("--config-map", "its values may be shown; a secret becomes one only with all its values given anew")
    .option("--secret", "its values are not shown any more")
    .option("--description <text>", "what it is for")
    .option(...JSON_FLAG)
    .action(action(setSecret));
  secrets
    .command("remove")
    .description("remove a secret, or one value of it")
    .argument("<name>")
    .argument("[key]")
    .option(...JSON_FLAG)
    .action(action(removeSecret));
}
