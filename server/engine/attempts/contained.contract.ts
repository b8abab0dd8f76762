/** What steps in containers of any kind may not have or do, and what they tell of themselves, as tests; each kind of container runs them with its own set-up. */
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StepInterface } from "@/pipelines/graph";
import { maskedBytes } from "@/server/platform/masked-bytes";
import type { AttemptRequest } from "./contract";
import { type attemptBench, container, givenVault, outcomeOf, step } from "./testing";

const SECRET = "s3cr3t-of-the-db";
/** The vault that a bench of these tests has. */
export const HOSTILE_VAULT = givenVault({ secrets: { db: { password: SECRET } } });

/** How a kind of container is set up. */
export interface ContainedRig {
  readonly bench: ReturnType<typeof attemptBench>;
  /** A request for a step under the profile that runs it there. */
  readonly asked: (subject: AttemptRequest["step"]) => AttemptRequest;
}

/** A step of one shell command, with further arguments. */
const shell = (script: string, declared: Partial<StepInterface> = {}, args: readonly string[] = [], more = {}) =>
  step(container({ command: ["sh", "-c", script, "sh"], args, ...more }), declared);

/** Runs the suite. */
export function containedContract(name: string, rig: () => ContainedRig): void {
  describe(`${name}: a hostile step`, () => {
    const tried = async (subject: AttemptRequest["step"]) => {
      const { bench, asked } = rig();
      const request = asked(subject);
      const outcome = await outcomeOf(bench.runner, request);
      const read = (file: string): string => readFileSync(join(bench.directory(request), file), "utf8");
      return { outcome, read, log: join(bench.directory(request), "log") };
    };

    it("sees nothing of the machine, and makes itself no way to it", async () => {
      const look = [
        `test ! -e ${rig().bench.folders.database}`,
        `test ! -e ${process.cwd()}/package.json`,
        "! test -S /var/run/docker.sock",
        "! test -S /run/containerd/containerd.sock",
        "test ! -e /var/run/secrets/kubernetes.io",
        "! mount -t tmpfs none /mnt 2>/dev/null",
        "! mknod /tmp/disk b 8 0 2>/dev/null || ! dd if=/tmp/disk of=/dev/null count=1 2>/dev/null",
        'test -z "$PENSTOCK_HOME$VITEST"',
      ].join(" && ");
      expect((await tried(shell(look))).outcome).toMatchObject({ state: "succeeded" });
    });

    it("has no way out of its folders by a link that it leaves as an output", async () => {
      const declared = { outputArtifacts: [{ name: "model", type: "system.Model" }] };
      const path = "{{$.outputs.artifacts['model'].path}}";
      const { outcome } = await tried(shell('ln -s /etc/passwd "$1"', declared, [path]));
      expect(outcome).toMatchObject({ state: "failed", reason: { code: "bad-output" } });
    });

    it("gives variables to nobody but itself, whatever they are called", async () => {
      const env = [
        { name: "LD_PRELOAD", value: "/tmp/evil.so" },
        { name: "NODE_OPTIONS", value: "--require /tmp/evil.js" },
        { name: "DOCKER_HOST", value: "tcp://evil" },
        { name: "KUBECONFIG", value: "/tmp/evil" },
        { name: "ENV", value: "/tmp/evil.sh" },
      ];
      const names = env.map((one) => `-e ^${one.name}=`).join(" ");
      const { outcome, read } = await tried(shell(`env | grep -c ${names}`, {}, [], { env }));
      expect(outcome).toMatchObject({ state: "succeeded" });
      expect(read("log")).toMatch(/^5$/m);
    });

    it("tells no secret to whoever reads its log, its command or its reason, printed in pieces or whole", async () => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
      const script = 'printf %s "${PASSWORD%-the-db}"; sleep 0.2; echo "-the-db"; echo "ERROR: $PASSWORD" >&2; exit 1';
      const variables = [{ secretKey: "password", envVar: "PASSWORD" }];
      const platform = { secretAsEnv: [{ secretName: "db", keyToEnv: variables }] };
      const { outcome, read, log } = await tried({ ...shell(script), platform });
      expect(read("log")).toContain(`${SECRET}\n`);
      expect(JSON.stringify(outcome)).not.toContain("s3cr3t");
      expect(read("command.json")).not.toContain("s3cr3t");
      const size = readFileSync(log).length;
      const file = await open(log);
      const shown: Buffer[] = [];
      // As somebody reads it who asks for a few bytes at a time.
      for (let from = 0; from < size; from += 5) {
        const range = { from, to: Math.min(from + 4, size - 1), size };
        for await (const part of maskedBytes(file, range, HOSTILE_VAULT.masker())) shown.push(part);
      }
      await file.close();
      expect(Buffer.concat(shown).toString()).toBe(read("log").replaceAll(SECRET, "*".repeat(SECRET.length)));
    });
  });
  it(`${name}: a step tells the processor time and the memory that it took`, async () => {
    const { bench, asked } = rig();
    const hoard = "(head -c 60000000 /dev/zero; sleep 1) | tail -c 59999999 >/dev/null";
    const { usage } = await outcomeOf(bench.runner, asked(shell(hoard)));
    expect(usage?.peakBytes).toBeGreaterThan(55_000_000);
    expect(usage?.peakBytes).toBeLessThan(90_000_000);
    expect(usage?.cpuMs).toBeGreaterThan(10);
    expect(usage?.cpuMs).toBeLessThan(5_000);
  });
}
