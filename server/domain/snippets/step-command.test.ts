/** Commands of attempts, as a real shell reads them. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandView, ContainerView } from "@/server/domain/views/attempts";
import { stepCommand, toBeSet } from "./step-command";

const command = (changes: Partial<CommandView>): CommandView => ({
  argv: ["true"],
  cwd: "/",
  env: {},
  secrets: [],
  container: null,
  ...changes,
});

const word = fc.string({
  unit: fc.constantFrom("a", " ", "'", '"', "$", "\\", "\n", "é", "*", "`", ","),
  maxLength: 8,
});
const printing = ["sh", "-c", 'printf "%s\\0" "$VALUE" "$@"', "sh"];
const zeroed = (words: readonly string[]): string => words.map((each) => `${each}\0`).join("");

describe("the command of a process", () => {
  it("is run by a shell with the same words and environment", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), word, (words, value) => {
        const text = stepCommand(command({ argv: [...printing, ...words], env: { VALUE: value } }));
        expect(execFileSync("sh", ["-c", text], { encoding: "utf8" })).toBe(zeroed([value, ...words]));
      }),
      { numRuns: 25 },
    );
  });

  it("asks for its secrets, and takes them from the terminal", () => {
    const text = stepCommand(command({ argv: printing, env: { VALUE: "********" }, secrets: ["VALUE"] }));
    const run = (env: object) => spawnSync("sh", ["-c", text], { env: { PATH: process.env.PATH, ...env } as never });
    expect(run({}).status).not.toBe(0);
    expect(run({}).stderr.toString()).toMatch(/VALUE: is a secret of the step, set it first/);
    expect(run({ VALUE: "it's" }).stdout.toString()).toBe("it's\0");
  });
});

const CONTAINER: ContainerView = {
  isPod: false,
  image: "python:3.12",
  usesEntrypoint: false,
  engine: null,
  user: null,
  cwd: null,
  network: null,
  isReadOnly: false,
  memoryBytes: null,
  cpus: null,
  sharedMemoryBytes: null,
  gpus: null,
  mounts: [],
  memory: [],
  brought: [],
};

describe("the command of a container", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "penstock-paste-"));
    writeFileSync(join(folder, "docker"), '#!/bin/sh\nprintf "%s\\0" "$@"\n');
    chmodSync(join(folder, "docker"), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The words that the client would be given. */
  const words = (changes: Partial<CommandView>, container: Partial<ContainerView> = {}, env: object = {}): string[] => {
    const text = stepCommand(command({ ...changes, container: { ...CONTAINER, ...container } }));
    const given = { PATH: `${folder}:${process.env.PATH}`, ...env } as unknown as NodeJS.ProcessEnv;
    return execFileSync("sh", ["-c", text], { encoding: "utf8", env: given, stdio: "pipe" }).split("\0").slice(0, -1);
  };
  const user = ["--user", `${process.getuid?.()}:${process.getgid?.()}`];
  const common = ["--security-opt", "no-new-privileges", "--pids-limit", "32768"];

  it("has every word and variable as it was", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), word, (argv, value) => {
        const env = ["--env", `VALUE=${value}`];
        const [first = "", ...rest] = argv;
        const before = ["run", "--rm", "--init", ...user, ...common, ...env];
        expect(words({ argv, env: { VALUE: value } })).toEqual([
          ...before,
          "--entrypoint",
          first,
          CONTAINER.image,
          ...rest,
        ]);
        const entry = words({ argv, env: { VALUE: value } }, { usesEntrypoint: true });
        expect(entry).toEqual([...before, CONTAINER.image, ...argv]);
      }),
      { numRuns: 15 },
    );
  });

  it("has the limits and the confinement that it had", () => {
    const limits = { memoryBytes: 2 ** 25, cpus: 0.5, sharedMemoryBytes: 2 ** 20, gpus: 1, isReadOnly: true };
    const where = { engine: "/run/x.sock", user: "1000:1000", cwd: "/w", network: "none" };
    expect(words({}, { ...limits, ...where })).toEqual([
      ...["--host", "unix:///run/x.sock", "run", "--rm", "--init", "--user", "1000:1000", "--workdir", "/w"],
      ...["--network", "none", "--memory", "33554432", "--memory-swap", "33554432", "--cpus", "0.5"],
      ...["--shm-size", "1048576", "--gpus", "1", "--read-only", "--tmpfs", "/tmp", ...common],
      ...["--entrypoint", "true", CONTAINER.image],
    ]);
  });

  it("has its mounts, and asks for what was there for the step alone", () => {
    const mounts = [
      { path: "/data/a b", target: "/t,1", isWritable: false },
      { path: "/out", target: "/out", isWritable: true },
    ];
    const memory = [
      { target: "/m", bytes: 1024 },
      { target: "/n", bytes: null },
    ];
    const given = { FILES_1: "/my files", TOKEN: "t" };
    const found = words(
      { env: { TOKEN: "********" }, secrets: ["TOKEN"] },
      { mounts, memory, brought: ["/etc/creds"] },
      given,
    );
    expect(found.filter((_, at) => found[at - 1] === "--mount" || found[at - 1] === "--env")).toEqual([
      'type=bind,source=/data/a b,"target=/t,1",readonly',
      "type=bind,source=/out,target=/out",
      "type=tmpfs,target=/m,tmpfs-mode=1777,tmpfs-size=1024",
      "type=tmpfs,target=/n,tmpfs-mode=1777",
      "type=bind,source=/my files,target=/etc/creds,readonly",
      "TOKEN",
    ]);
    const asking = command({ secrets: ["TOKEN"], container: { ...CONTAINER, brought: ["/etc/creds"] } });
    expect(toBeSet(asking)).toEqual(["TOKEN", "FILES_1 (a folder with the files of /etc/creds)"]);
    expect(() => words({}, { brought: ["/etc/creds"] })).toThrow(/FILES_1: is a folder with the files of \/etc\/creds/);
  });
});
