/** What an attempt ran, as a terminal takes it: the same folder, environment and arguments, in the same kind of container. */
import type { CommandView, ContainerView } from "@/server/domain/views/attempts";
import { shellQuote } from "./quoting";

/** The command for a terminal; pasted, it does what the attempt did. Secrets are taken from the terminal's own environment. */
export function stepCommand(command: CommandView): string {
  const { container, secrets } = command;
  const needed = [
    ...secrets.map((name) => `: "\${${name}:?is a secret of the step, set it first}" &&`),
    ...(container === null ? [] : bringing(container)),
  ];
  return [...needed, container === null ? asProcess(command) : asContainer(command, container)].join("\n");
}

/** What the terminal has to set before the command does the same, in words. */
export const toBeSet = ({ secrets, container }: CommandView): string[] => [
  ...secrets,
  ...(container?.brought ?? []).map((target, at) => `${variableOf(at)} (a folder with the files of ${target})`),
];

/** One line an argument. */
const lined = (words: readonly string[]): string => words.join(" \\\n  ");

function asProcess({ argv, cwd, env, secrets }: CommandView): string {
  const variables = Object.entries(env).map(([name, value]) =>
    secrets.includes(name) ? `${name}="$${name}"` : `${name}=${shellQuote(value)}`,
  );
  return `cd ${shellQuote(cwd)} &&\n${lined(["env", ...variables, ...argv.map(shellQuote)])}`;
}

function asContainer({ argv, env, secrets }: CommandView, container: ContainerView): string {
  const { image, usesEntrypoint, engine } = container;
  const [program = "", ...rest] = argv;
  const variables = Object.entries(env).map(([name, value]) =>
    secrets.includes(name) ? `--env ${name}` : `--env ${shellQuote(`${name}=${value}`)}`,
  );
  const words = [
    `docker ${engine === null ? "" : `--host ${shellQuote(engine.startsWith("/") ? `unix://${engine}` : engine)} `}run`,
    "--rm --init",
    ...confinement(container),
    ...mounts(container),
    ...variables,
    ...(usesEntrypoint ? [] : [`--entrypoint ${shellQuote(program)}`]),
    shellQuote(image),
    ...(usesEntrypoint ? argv : rest).map(shellQuote),
  ];
  return lined(words);
}

function confinement(container: ContainerView): string[] {
  const { user, cwd, network, memoryBytes, cpus, sharedMemoryBytes, gpus, isReadOnly } = container;
  const option = (name: string, value: string | number | null): string[] =>
    value === null ? [] : [`--${name} ${shellQuote(String(value))}`];
  return [
    // Without one, a step runs as whoever has to read what it leaves.
    user === null ? '--user "$(id -u):$(id -g)"' : `--user ${shellQuote(user)}`,
    ...option("workdir", cwd),
    ...option("network", network),
    ...option("memory", memoryBytes),
    ...option("memory-swap", memoryBytes),
    ...option("cpus", cpus),
    ...option("shm-size", sharedMemoryBytes),
    ...option("gpus", gpus),
    ...(isReadOnly ? ["--read-only --tmpfs /tmp"] : []),
    "--security-opt no-new-privileges --pids-limit 32768",
  ];
}

/** Where the terminal says what it has in the place of values that were gone with the step. */
const variableOf = (at: number): string => `FILES_${at + 1}`;

const bringing = ({ brought }: ContainerView): string[] =>
  brought.map((target, at) => {
    const what = /^[\w./-]+$/.test(target) ? target : "a mount of the step";
    return `: "\${${variableOf(at)}:?is a folder with the files of ${what}, set it first}" &&`;
  });

/** The engine's client reads the parts of a mount as a line of CSV. */
const part = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function mounts({ mounts: bound, memory, brought }: ContainerView): string[] {
  return [
    ...bound.map(({ path, target, isWritable }) => {
      const parts = ["type=bind", `source=${path}`, `target=${target}`, ...(isWritable ? [] : ["readonly"])];
      return `--mount ${shellQuote(parts.map(part).join(","))}`;
    }),
    ...memory.map(({ target, bytes }) => {
      const size = bytes === null ? [] : [`tmpfs-size=${Math.floor(bytes)}`];
      return `--mount ${shellQuote(["type=tmpfs", part(`target=${target}`), "tmpfs-mode=1777", ...size].join(","))}`;
    }),
    ...brought.map(
      (target, at) =>
        `--mount type=bind,source="$${variableOf(at)}"${shellQuote(`,${part(`target=${target}`)},readonly`)}`,
    ),
  ];
}
