/** F11: the machine's clock jumps under a real server, with libfaketime. */
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecurringRunView, SlotView } from "@/server/domain/views/recurring-runs";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { PageView } from "@/server/domain/views/shared";
import { type Api, apiOf } from "../../support/api";
import { startServer, type TestServer, until } from "../../support/server";
import { alone, shell } from "../../support/shell-specs";
import { recurringViolations } from "../recurring-checker";
import { pause, type Scenario } from "../scenario";

const HOUR = 3_600;
/** How long the step takes that a jump falls into, and how much more a run may take than its step. */
const LONG_MS = 2_000;
const MOST_MORE_MS = 20_000;

/** The library of Debian's package `faketime`, or the one that `FAKETIME_LIBRARY` names. */
const library = (): string | null => {
  const folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
  const files = [process.env.FAKETIME_LIBRARY ?? "", ...folders.map((each) => `${each}/faketime/libfaketimeMT.so.1`)];
  return files.find((file) => file !== "" && existsSync(file)) ?? null;
};

interface Moments {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

const took = ({ startedAt, finishedAt }: Moments): number =>
  startedAt === null || finishedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(startedAt);

/** What is wrong with the durations of a run with one long step, which something happened to while it ran. */
async function crossing(api: Api, versionId: string, what: string, happen: () => Promise<void>): Promise<string[]> {
  const { id } = await api.createRun(versionId, {}, what);
  const now = () => api.query<RunView>("runs.get", { id });
  await until("the long step to run", async () => (await now()).tasks.some(({ state }) => state === "running"));
  await happen();
  const run = await api.finished(id);
  const parts = [{ name: "the run", ms: took(run) }, ...run.tasks.map((task) => ({ name: task.name, ms: took(task) }))];
  const isTrue = (ms: number): boolean => ms >= LONG_MS - 200 && ms <= LONG_MS + MOST_MORE_MS;
  return parts.filter(({ ms }) => !isTrue(ms)).map(({ name, ms }) => `${what}: ${name} took ${ms} ms`);
}

async function killEngine(server: TestServer): Promise<void> {
  const { engine } = server.children();
  if (engine !== null) process.kill(engine, "SIGKILL");
}

export const clockScenario: Scenario = {
  id: "F11",
  title: "the clock jumps by an hour, a day and to 1970, goes at double speed, and jumps while no engine looks",
  async run({ slice }) {
    const preload = library();
    if (preload === null) {
      return { violations: [], figures: {}, skipped: "there is no libfaketime; install the package faketime" };
    }
    const folder = mkdtempSync(join(tmpdir(), "penstock-clock-"));
    const file = join(folder, "offset");
    // Replaced whole, so that nobody reads half of it.
    const set = (text: string) => {
      writeFileSync(`${file}.next`, text);
      renameSync(`${file}.next`, file);
    };
    const shift = (seconds: number) => set(`${seconds < 0 ? "" : "+"}${seconds}`);
    shift(0);
    const server = await startServer({
      env: {
        LD_PRELOAD: preload,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        PENSTOCK_LOG: "error",
      },
    });
    const violations: string[] = [];
    try {
      const api = apiOf(server);
      const { pipeline } = await api.upload({ "quick.yaml": alone("quick", shell("sleep 0.3")) });
      const long = await api.upload({ "long.yaml": alone("long", shell(`sleep ${LONG_MS / 1_000}`)) });
      const across = async (what: string, happen: () => Promise<void>) => {
        violations.push(...(await crossing(api, long.version.id, what, happen)));
      };
      const asked = { pipelineId: pipeline.id, catchUp: "latest", overlap: "wait", maxConcurrency: 1 };
      const trigger = { kind: "interval", seconds: 2 };
      const { id } = await api.mutate<RecurringRunView>("recurringRuns.create", { ...asked, name: "clock", trigger });
      const slots = async () => (await api.query<PageView<SlotView>>("recurringRuns.slots", { id, limit: 200 })).items;
      const grown = async (what: string) => {
        const before = (await slots()).length;
        await until(what, async () => (await slots()).length >= before + 2, 30_000, 100);
      };
      await grown("the first moments");
      const jumps = slice ? [HOUR] : [HOUR, 25 * HOUR, 48 * HOUR];
      for (const seconds of jumps) {
        await across(`a jump by ${seconds} s`, async () => shift(seconds));
        await grown(`moments after a jump by ${seconds} s`);
      }
      const last = jumps.at(-1) ?? 0;
      const newest = (await slots())[0];
      await across("a jump back by an hour", async () => shift(last - HOUR));
      if (!slice) {
        await across("a jump to 1970", async () => shift(-Math.floor(Date.now() / 1_000) + HOUR));
        await across("a jump while there is no engine", async () => {
          await killEngine(server);
          shift(last - 2 * HOUR);
          await server.ready();
        });
        await across("a clock at double speed", async () => set(`+${last - 2 * HOUR} x2`));
      }
      await pause(1_000);
      if ((await slots())[0]?.at !== newest?.at) violations.push("a moment came twice after the clock was put back");
      shift(last + 60);
      await grown("moments after the clock was put right");
      await api.mutate("recurringRuns.disable", { id });
      const runs = async () =>
        (await api.query<PageView<RunSummary>>("runs.list", { recurringRunId: id, limit: 200 })).items;
      await until(
        "the runs to be over",
        async () => (await runs()).every(({ finishedAt }) => finishedAt !== null),
        30_000,
      );
      for (const run of await runs()) {
        if (took(run) < 0 || took(run) > MOST_MORE_MS) violations.push(`${run.name} took ${took(run)} ms`);
      }
      const { found, ...figures } = recurringViolations(server.home);
      // Times of rows are those of the faked clock, in which runs on both sides of a jump seem to overlap.
      violations.push(...found.filter((each) => !each.startsWith("I5")));
      return { violations, figures };
    } finally {
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
