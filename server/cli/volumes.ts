/** `penstock volumes`: named directories that steps may be given. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { EXIT } from "./exit";
import { JSON_FLAG, type Session, type Wrap } from "./session";
import { volumeShape } from "./shapes";

async function listVolumes({ output, connect }: Session): Promise<number> {
  const volumes = await connect().api.volumes.list.query();
  const rows = volumes.map(({ name, isManaged, path }) => [name, isManaged ? "kept by Penstock" : "given", path]);
  const table = output.table([["NAME", "KIND", "PATH"], ...rows]);
  output.print({ items: volumes.map(volumeShape), next: null }, volumes.length === 0 ? "No volumes." : table);
  return EXIT.ok;
}

async function addVolume(
  { output, connect, surroundings }: Session,
  name: string,
  path: string | undefined,
  options: { readonly description?: string },
): Promise<number> {
  const volume = await connect().api.volumes.save.mutate({
    name,
    ...(path !== undefined && { path: resolve(surroundings.cwd, path) }),
    ...(options.description !== undefined && { description: options.description }),
  });
  output.print(volumeShape(volume), `${volume.name}: ${volume.path}`);
  return EXIT.ok;
}

async function removeVolume({ output, connect }: Session, name: string): Promise<number> {
  const removed = await connect().api.volumes.remove.mutate({ name });
  output.print(volumeShape(removed), `${name} is removed. Its files stay in ${removed.path}.`);
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addVolumes(program: Command, action: Wrap): void {
  const volumes = program.command("volumes").description("directories that steps may be given: list, add, remove");
  volumes
    .command("list")
    .description("all volumes")
    .option(...JSON_FLAG)
    .action(action(listVolumes));
  volumes
    .command("add")
    .description("make a volume, or give one another path; without a path Penstock makes the directory and keeps it")
    .argument("<name>")
    .argument("[path]")
    .option("--description <text>", "what it is for")
    .option(...JSON_FLAG)
    .action(action(addVolume));
  volumes
    .command("remove")
    .description("forget a volume; its files stay")
    .argument("<name>")
    .option(...JSON_FLAG)
    .action(action(removeVolume));
}
