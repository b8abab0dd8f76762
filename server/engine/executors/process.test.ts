/** The shim by itself, under the shells that there are, and the process table. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { programRoot } from "@/server/platform/root";
import { readExit, readIdentity } from "./attempt-traces";
import { processExecutor } from "./process";
import { processEntry } from "./process-table";

const shim = join(programRoot(), "pipelines", "runtime", "shim.sh");

const shells = ["/bin/dash", "/bin/bash"].filter((shell) => existsSync(shell));

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), "penstock-shim-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe.each(shells)("the shim under %s", (shell) => {
  const run = (directory: string, ...argv: string[]) =>
    spawnSync(shell, [shim, directory, "boot", ...argv], { encoding: "utf8" });

  it("leaves the fence, its identity and the exit code, and adds no word of its own", () => {
    const directory = temporary();
    const ended = run(directory, "/bin/sh", "-c", "echo out; exit 3");
    expect(ended).toMatchObject({ status: 3, stdout: "out\n", stderr: "" });
    expect(readFileSync(join(directory, "exit"), "utf8")).toMatch(/^3\n(?:\d+m[\d.]+s \d+m[\d.]+s\n){2}$/);
    expect(readExit(directory)).toMatchObject({ code: 3, cpuMs: expect.any(Number) });
    expect(readIdentity(directory)).toMatchObject({ bootId: "boot", pid: ended.pid });
  });

  it("hands arguments over untouched", () => {
    const odd = ["", "a b", "*", "$HOME", "`id`", "-n", "\\n", "é\n"];
    const ended = run(
      temporary(),
      process.execPath,
      "-e",
      "console.log(JSON.stringify(process.argv.slice(1)))",
      ...odd,
    );
    expect(JSON.parse(ended.stdout)).toEqual(odd);
  });

  it("runs nothing and says nothing where the fence stands", () => {
    const directory = temporary();
    writeFileSync(join(directory, "started"), "");
    expect(run(directory, "/bin/echo", "ran")).toMatchObject({ status: 113, stdout: "", stderr: "" });
    expect(existsSync(join(directory, "exit"))).toBe(false);
  });

  it("runs nothing where the fence cannot be set", () => {
    expect(run(join(temporary(), "nowhere"), "/bin/echo", "ran")).toMatchObject({
      status: 113,
      stdout: "",
      stderr: "",
    });
  });

  it("keeps the code, and a trace of it, when the exit file cannot be written", () => {
    const directory = temporary();
    mkdirSync(join(directory, "exit"));
    expect(run(directory, "/bin/sh", "-c", "exit 9")).toMatchObject({ status: 9, stderr: "" });
    expect(readExit(directory)).toMatchObject({ code: 9 });
  });

  it("leaves the variables of the step alone", () => {
    const ended = spawnSync(shell, [shim, temporary(), "boot", "/usr/bin/env"], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin", A: "1" } as unknown as NodeJS.ProcessEnv,
    });
    expect(ended.stdout).not.toContain("penstock");
  });
});

describe("a full disk", () => {
  const size = "64k";
  const canMount = process.getuid?.() === 0 && process.platform === "linux";

  it("does not lose the exit code of a step whose log filled it", async ({ skip }) => {
    if (!canMount) skip("mounting a small tmpfs needs root on Linux");
    const directory = temporary();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory], { stdio: "ignore" });
    } catch {
      skip("this machine lets nobody mount a tmpfs");
    }
    onTestFinished(() => {
      execFileSync("umount", [directory]);
    });
    const executor = processExecutor({ shim });
    const report = await new Promise((resolve) =>
      executor.start(
        {
          id: "full",
          directory,
          graceMs: 100,
          argv: ["/bin/sh", "-c", "head -c 200000 /dev/zero; exit 6"],
          cwd: directory,
          env: { PATH: "/usr/bin:/bin", PENSTOCK_ATTEMPT: "full" },
        },
        resolve,
      ),
    );
    expect(report).toMatchObject({ code: 6 });
    expect(readExit(directory)).toMatchObject({ code: 6 });
  });
});

describe("a step beside the server", () => {
  it("gives way, inside its session and as a session", async () => {
    const directory = temporary();
    const executor = processExecutor({ shim });
    const report = new Promise((resolve) => {
      const spec = {
        id: "nice",
        directory,
        graceMs: 100,
        argv: ["/bin/sh", "-c", `until [ -e "${join(directory, "go")}" ]; do sleep 0.01; done`],
        cwd: directory,
        env: { PATH: "/usr/bin:/bin", PENSTOCK_ATTEMPT: "nice" },
      };
      const pid = Number(executor.start(spec, resolve).pid);
      expect(getPriority(pid)).toBe(10);
      const session = `/proc/${pid}/autogroup`;
      // Others than root may say so of ten sessions in a second, and another test may have used them up.
      if (existsSync(session) && process.getuid?.() === 0) {
        expect(readFileSync(session, "utf8")).toMatch(/ nice 10\n$/);
      }
      writeFileSync(join(directory, "go"), "");
    });
    expect(await report).toMatchObject({ code: 0 });
  });
});

describe("the process table", () => {
  it("knows this process", () => {
    expect(processEntry(process.pid)).toMatchObject({ isZombie: false });
    expect(processEntry(2 ** 30)).toBeNull();
  });
});
