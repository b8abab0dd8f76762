/** Other tools on the same work, installed from the package index for the occasion: Luigi with its daemon, Snakemake, kfp.local. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, until } from "@/e2e/support/server";
import { programRoot } from "@/server/platform/root";
import { median } from "../statistics";
import type { Figure } from "../workload";

const REPEATS = 3;
const CHAIN = 40;
const WIDTH = 200;

function environment(home: string, packages: readonly string[]): string {
  const dir = join(home, "env");
  if (!existsSync(dir)) execFileSync("python3", ["-m", "venv", dir]);
  execFileSync(join(dir, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", ...packages]);
  return join(dir, "bin");
}

function timed(
  command: string,
  args: readonly string[],
  env: { readonly [name: string]: string },
  cwd: string,
): number {
  const startedAt = performance.now();
  const done = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status}: ${done.stderr.slice(-800)}`);
  return performance.now() - startedAt;
}

const told = (name: string, value: number, unit: string): Figure => ({
  name,
  value,
  unit,
  goal: "for comparison",
  isMet: true,
});

async function luigi(home: string): Promise<Figure[]> {
  const bin = environment(home, ["luigi", "setuptools<81"]);
  const port = await freePort();
  const state = join(home, "luigi-state");
  mkdirSync(state);
  const daemon = spawn(
    join(bin, "luigid"),
    ["--address", "127.0.0.1", "--port", String(port), "--state-path", join(state, "s")],
    {
      stdio: "ignore",
    },
  );
  try {
    await until("luigid", () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        (r) => r.ok,
        () => false,
      ),
    );
    const run = (repeat: number, args: readonly string[], workers: string) => {
      const out = mkdtempSync(join(home, `luigi-${repeat}-`));
      const env = { PEER_OUT: out, PYTHONPATH: join(programRoot(), "bench", "peers") };
      const common = ["--module", "luigi_tasks", "--scheduler-host", "127.0.0.1", "--scheduler-port", String(port)];
      return timed(join(bin, "luigi"), [...common, "--workers", workers, "--log-level", "ERROR", ...args], env, home);
    };
    const repeats = Array.from({ length: REPEATS }, (_, i) => i);
    const chain = median(repeats.map((i) => run(i, ["Chain", "--index", String(CHAIN - 1)], "1"))) / CHAIN;
    const wide = median(repeats.map((i) => run(i, ["Last", "--index", "0", "--width", String(WIDTH)], "2")));
    return [
      told(`Luigi with its daemon, chain of ${CHAIN}, per step`, chain, "ms"),
      told(`Luigi, 1 → ${WIDTH} → 1`, wide, "ms"),
    ];
  } finally {
    daemon.kill("SIGKILL");
  }
}

function snakemake(home: string): Figure[] {
  const bin = environment(home, ["snakemake"]);
  const samples = Array.from({ length: REPEATS }, (_, i) => {
    const out = join(home, `snakemake-${i}`);
    const file = join(programRoot(), "bench", "peers", "snakefile.smk");
    return timed(
      join(bin, "snakemake"),
      ["-s", file, "-j", "1", "-q", "all", "--config", `count=${CHAIN}`, `out=${out}`],
      { PATH: `${bin}:${process.env.PATH}` },
      home,
    );
  });
  return [told(`Snakemake, chain of ${CHAIN}, per step`, median(samples) / CHAIN, "ms")];
}

function kfpLocal(home: string): Figure[] {
  const bin = environment(home, ["kfp"]);
  const printed = execFileSync(
    join(bin, "python"),
    [join(programRoot(), "bench", "peers", "kfp_chain.py"), String(CHAIN), home],
    {
      encoding: "utf8",
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    },
  );
  return [told(`kfp.local, chain of ${CHAIN}, per step`, Number(/MS_PER_STEP ([\d.]+)/.exec(printed)?.[1]), "ms")];
}

/** Figures of every peer that could be installed; the others say why not. */
export async function peerFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries({ Luigi: luigi, Snakemake: snakemake, "kfp.local": kfpLocal })) {
    const home = mkdtempSync(join(tmpdir(), "penstock-peer-"));
    try {
      figures.push(...(await measure(home)));
    } catch (error) {
      console.log(
        `  ${name} could not be measured: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`,
      );
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  return figures;
}
