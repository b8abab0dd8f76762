/** `penstock profiles`: where and how steps run. */
import type { Command } from "commander";
import type { SaveProfileInput } from "@/server/domain/inputs/profiles";
import type { ProfileView } from "@/server/domain/views/surroundings";
import { EXIT, refused } from "./exit";
import { followRun } from "./follow-run";
import { columns } from "./output";
import { changedPairs } from "./pairs";
import { addContainerOptions, type ContainerOptions, containerChange, containerRows } from "./profile-options";
import { gather, JSON_FLAG, type Session, type Wrap } from "./session";
import { profileShape } from "./shapes";

interface SaveOptions extends ContainerOptions {
  readonly python?: string;
  readonly grace?: string;
  readonly env?: readonly string[];
  readonly unsetEnv?: readonly string[];
  readonly capacity?: string;
  readonly image?: readonly string[];
  readonly unsetImage?: readonly string[];
  readonly workingDirectory?: string;
  readonly runWithoutMounts?: boolean;
  readonly default?: boolean;
}

function profileWords(profile: ProfileView): string {
  const rows = [
    ["executor", profile.executor],
    ["python", profile.python ?? "the server's"],
    ["grace", `${profile.graceMs / 1_000} s`],
    ["capacity", profile.capacity === null ? "as the machine's" : String(profile.capacity)],
    ["working directory", profile.workingDirectory ?? "the attempt's own"],
    ["run without mounts", profile.runsWithoutMounts ? "yes" : "no"],
    ...containerRows(profile),
    ...Object.entries(profile.environment).map(([name, value]) => ["env", `${name}=${value}`]),
    ...Object.entries(profile.imageMap).map(([image, other]) => ["image", `${image}=${other}`]),
  ];
  return `${profile.name}${profile.isDefault ? " (default)" : ""}\n${columns(rows.map(([name = "", ...rest]) => [`  ${name}`, ...rest]))}`;
}

function graceMs(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds >= 0)) throw refused("--grace is a number of seconds.");
  return Math.round(seconds * 1_000);
}

function capacityOf(text: string): number | null {
  if (text === "none") return null;
  const capacity = Number(text);
  if (!Number.isInteger(capacity) || capacity < 1) throw refused("--capacity is a number of steps from 1, or `none`.");
  return capacity;
}

async function profilesOf({ connect }: Session): Promise<ProfileView[]> {
  return connect().api.profiles.list.query();
}

/** Only what was given, so that the rest of the profile stays. */
function changeOf(name: string, options: SaveOptions, before: ProfileView | undefined): SaveProfileInput {
  const { env = [], unsetEnv = [], image = [], unsetImage = [] } = options;
  return {
    name,
    ...containerChange(options, before),
    ...(options.default && { isDefault: true }),
    ...(options.python !== undefined && { python: options.python || null }),
    ...(options.grace !== undefined && { graceMs: graceMs(options.grace) }),
    ...(options.capacity !== undefined && { capacity: capacityOf(options.capacity) }),
    ...(options.workingDirectory !== undefined && { workingDirectory: options.workingDirectory || null }),
    ...(options.runWithoutMounts !== undefined && { runsWithoutMounts: options.runWithoutMounts }),
    ...(env.length + unsetEnv.length > 0 && {
      environment: changedPairs(before?.environment ?? {}, "--env", env, unsetEnv),
    }),
    ...(image.length + unsetImage.length > 0 && {
      imageMap: changedPairs(before?.imageMap ?? {}, "--image", image, unsetImage),
    }),
  };
}

async function saveProfile(session: Session, name: string, options: SaveOptions): Promise<number> {
  const before = (await profilesOf(session)).find((profile) => profile.name === name);
  const saved = await session.connect().api.profiles.save.mutate(changeOf(name, options, before));
  session.output.print(profileShape(saved), profileWords(saved));
  return EXIT.ok;
}

async function listProfiles(session: Session): Promise<number> {
  const profiles = await profilesOf(session);
  const rows = profiles.map((profile) => [
    profile.isDefault ? `${profile.name} (default)` : profile.name,
    profile.executor,
    profile.capacity === null ? "-" : String(profile.capacity),
    profile.python ?? "the server's",
  ]);
  const table = session.output.table([["NAME", "EXECUTOR", "CAPACITY", "PYTHON"], ...rows]);
  session.output.print({ items: profiles.map(profileShape), next: null }, table);
  return EXIT.ok;
}

async function showProfile({ output, connect }: Session, name: string): Promise<number> {
  const profile = await connect().api.profiles.get.query({ name });
  output.print(profileShape(profile), profileWords(profile));
  return EXIT.ok;
}

async function removeProfile({ output, connect }: Session, name: string): Promise<number> {
  const removed = await connect().api.profiles.remove.mutate({ name });
  output.print(profileShape(removed), `${name} is removed. Runs made with it keep its settings.`);
  return EXIT.ok;
}

async function testProfile(session: Session, name: string, options: { readonly image?: string }): Promise<number> {
  const connection = session.connect();
  const run = await connection.api.profiles.test.mutate({ name, ...options });
  return followRun(connection, session.output, run, { wait: true, words: "", shape: (json) => json });
}

/** Adds the subcommand. */
export function addProfiles(program: Command, action: Wrap): void {
  const profiles = program.command("profiles").description("where and how steps run: list, show, save, test, remove");
  profiles
    .command("list")
    .description("all profiles")
    .option(...JSON_FLAG)
    .action(action(listProfiles));
  profiles
    .command("show")
    .description("one profile")
    .argument("<name>")
    .option(...JSON_FLAG)
    .action(action(showProfile));
  const save = profiles
    .command("save")
    .description("make a profile, or change what is given of one; runs that exist keep their settings")
    .argument("<name>")
    .option("--python <command>", "interpreter of Python steps; empty: the server's")
    .option("--grace <seconds>", "time between asking a step to end and killing it")
    .option("--env <name=value>", "environment variable of every step; again for more", gather)
    .option("--unset-env <name>", "takes a variable out; again for more", gather)
    .option("--capacity <n>", "steps at once; none: as the machine's")
    .option("--image <image=other>", "image to use in place of another, `*` for any part; again for more", gather)
    .option("--unset-image <image>", "takes an image out; again for more", gather)
    .option("--working-directory <path>", "where container steps start; empty: the attempt's own")
    .option("--run-without-mounts", "run steps without the mounts they ask for, and say so on the run")
    .option("--no-run-without-mounts", "refuse runs with mounts that cannot be made")
    .option("--default", "make it the profile of runs that name none");
  addContainerOptions(save)
    .option(...JSON_FLAG)
    .action(action(saveProfile));
  profiles
    .command("test")
    .description("start a run of one step under a profile and say what came of it")
    .argument("<name>")
    .option("--image <image>", "image to try, for profiles that run containers; else the profile's own, else busybox")
    .option(...JSON_FLAG)
    .action(
      action(async (session: Session, name: string, { image }: { image?: string }) =>
        testProfile(session, name, image === undefined ? {} : { image }),
      ),
    );
  profiles
    .command("remove")
    .description("remove a profile; the default one stays")
    .argument("<name>")
    .option(...JSON_FLAG)
    .action(action(removeProfile));
}
