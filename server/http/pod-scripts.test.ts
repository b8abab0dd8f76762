/** The scripts of pods in a root of nothing but busybox, against what the web process answers: what travels, and what does not. */
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leftOut } from "@/e2e/support/container-engine";
import { HTTP_STATUS, ProblemError } from "@/server/domain/problem-error";
import { grantPodFiles } from "@/server/platform/pod-files";
import { programRoot } from "@/server/platform/root";
import { answerPodOf } from "./pod-files";

const BUSYBOX = "/bin/busybox";
const why =
  process.getuid?.() !== 0
    ? "a root of one's own needs root"
    : spawnSync("sh", ["-c", `ldd ${BUSYBOX} 2>&1 | grep -q 'not a dynamic'`]).status === 0
      ? null
      : "there is no static busybox";

const script = (name: string): string => readFileSync(join(programRoot(), "pipelines", "runtime", name), "utf8");

describe.runIf(why === null)(`the scripts of pods${leftOut(why)}`, () => {
  let home: string;
  let root: string;
  let directory: string;
  let server: Server;
  let url: string;
  let token: string;
  let broken = 0;
  let silent = 0;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "penstock-scripts-"));
    [root, directory] = [join(home, "root"), join(home, "attempt")];
    for (const folder of [
      "root/bin",
      "root/penstock",
      "root/dev",
      "root/tmp",
      "attempt/given",
      "attempt/out",
      "attempt/both",
    ]) {
      mkdirSync(join(home, folder), { recursive: true });
    }
    copyFileSync(BUSYBOX, join(root, "bin", "busybox"));
    writeFileSync(join(root, "dev", "null"), "");
    writeFileSync(join(directory, "given", "data"), "given\n");
    writeFileSync(join(directory, "both", "old"), "old");
    token = grantPodFiles(directory, [
      { path: join(directory, "given"), isWritable: false, returns: "nothing" },
      { path: join(directory, "out"), isWritable: true, returns: "all" },
      { path: join(directory, "both"), isWritable: true, returns: "newer" },
    ]);
    broken = 0;
    silent = 0;
    server = createServer((request, response) => {
      if (silent-- > 0) return;
      if (broken-- > 0) return void request.socket.destroy();
      answerPodOf(directory, request, response).catch((error: unknown) => {
        response.writeHead(error instanceof ProblemError ? HTTP_STATUS[error.code] : 500, "No").end(String(error));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/pods/1/1/1/files`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    rmSync(home, { recursive: true, force: true });
  });

  const inRoot = (program: string, args: readonly string[], env: object = {}) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const child = spawn(BUSYBOX, ["chroot", root, program, ...args], {
        env: { PATH: "/bin", ...env } as unknown as NodeJS.ProcessEnv,
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk));
      child.on("close", (code) => resolve({ code, said }));
    });
  const fetch = (by = token) =>
    inRoot("/bin/busybox", ["sh", "-c", script("pod-fetch.sh"), "sh", url], { PENSTOCK_TOKEN: by });
  const step = (...argv: string[]) => stepBy(script("pod-step.sh"), ...argv);
  const stepBy = (text: string, ...argv: string[]) =>
    inRoot("/penstock/busybox", ["sh", "-c", text, "sh", url, ...argv]);
  const out = (name: string): string => readFileSync(join(directory, "out", name), "utf8");
  const termination = (): string => readFileSync(join(root, "dev", "termination-log"), "utf8");

  it("fetch what is given and bring what is left, every byte, with its code", async () => {
    expect(await fetch()).toEqual({ code: 0, said: "" });
    const bytes = "b=/penstock/busybox; $b head -c 1000000 $b | $b cat - /penstock/m/0/data >/penstock/m/1/bytes";
    const work = `${bytes}; $b mkdir /penstock/m/1/deep; echo new >/penstock/m/2/new; echo said; exit 7`;
    expect(await step("/bin/busybox", "sh", "-c", work)).toEqual({ code: 7, said: "said\n" });
    expect(out("bytes").endsWith("given\n")).toBe(true);
    const start = readFileSync(join(directory, "out", "bytes")).subarray(0, 1_000_000);
    expect(start.equals(readFileSync(BUSYBOX).subarray(0, 1_000_000))).toBe(true);
    expect(readdirSync(join(directory, "both")).sort()).toEqual(["new", "old"]);
    expect(existsSync(join(root, "penstock", "token"))).toBe(false);
  });

  it("ask again where the connection breaks, and give up where the token is refused", async () => {
    broken = 1;
    expect(await fetch()).toEqual({ code: 0, said: "" });
    broken = 1;
    expect(await step("/bin/busybox", "touch", "/penstock/m/1/made")).toEqual({ code: 0, said: "" });
    expect(out("made")).toBe("");
    expect(await fetch("x".repeat(43))).toMatchObject({
      code: 1,
      said: expect.stringMatching(/could not be fetched from http.*401/),
    });
    writeFileSync(join(root, "penstock", "token"), `${"x".repeat(43)}\n`);
    expect(await step("/bin/busybox", "true")).toMatchObject({ code: 1 });
    expect(termination()).toMatch(
      /^penstock: used - -\npenstock: code 0, nothing delivered to 127\.0\.0\.1:\d+: HTTP\/1\.1 401/,
    );
  });

  it.each([
    ["one", { "cpuacct/cpuacct.usage": "1234567890\n", "memory/memory.max_usage_in_bytes": "4096\n" }, "1234 4096"],
    ["two", { "cpu.stat": "usage_usec 98765\nuser_usec 1\n", "memory.peak": "8192\n" }, "98 8192"],
    ["two of an older kernel", { "cpu.stat": "usage_usec 98765\n" }, "98 -"],
    ["none", {}, "- -"],
  ])("tell what the step took by cgroups of version %s", async (_, files, used) => {
    await fetch();
    for (const [name, text] of Object.entries(files)) {
      const path = join(root, "sys", "fs", "cgroup", name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    expect(await step("/bin/busybox", "sh", "-c", "exit 3")).toEqual({ code: 3, said: "" });
    expect(termination()).toBe(`penstock: used ${used}\n`);
  });

  it("send again over a connection that stands still, with the writer in the middle of it", async () => {
    await fetch();
    const impatient = script("pod-step.sh").replace("penstock_still=60", "penstock_still=1");
    silent = 1;
    const much = "b=/penstock/busybox; for i in 1 2 3 4 5 6 7 8 9; do $b cat $b; done >/penstock/m/1/bytes";
    expect(await stepBy(impatient, "/bin/busybox", "sh", "-c", much)).toEqual({ code: 0, said: "" });
    expect(out("bytes").length).toBeGreaterThan(5_000_000);
    expect(silent).toBe(-1);
  });

  it("find the program on the PATH, never among the helper's own tools, and say where there is none", async () => {
    await fetch();
    writeFileSync(join(root, "bin", "tar"), "#!/bin/busybox sh\necho the image has its own, given $1\n", {
      mode: 0o755,
    });
    expect(await step("tar", "a b")).toEqual({ code: 0, said: "the image has its own, given a b\n" });
    writeFileSync(join(root, "penstock", "token"), `${token}\n`);
    expect(await step("wget")).toEqual({ code: 127, said: 'penstock: the image has no program "wget"\n' });
  });
});
