/** F11: the machine's clock jumps under a real server, with libfaketime. */
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecurringRunView, SlotView } from "@/server/domain/recurrence/views";
import type { PageView, RunSummary } from "@/server/domain/views";
import { apiOf } from "../../support/api";
import { startServer, until } from "../../support/server";
import { alone, shell } from "../../support/shell-specs";
import { recurringViolations } from "../recurring-checker";
import type { Scenario } from "../scenario";

const HOUR = 3_600_000;

/** The library of Debian's package `faketime`, or the one that `FAKETIME_LIBRARY` names. */
const library = (): string | null => {
  const folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
  const files = [process.env.FAKETIME_LIBRARY ?? "", ...folders.map((each) => `${each}/faketime/libfaketimeMT.so.1`)];
  return files.find((file) => file !== "" && existsSync(file)) ?? null;
};

export const clockScenario: Scenario = {
  id: "F11",
  title: "the clock jumps by an hour and by a day, forward and back",
  async run({ slice }) {
    const preload = library();
    if (preload === null) {
      return { violations: [], figures: {}, skipped: "there is no libfaketime; install the package faketime" };
    }
    const folder = mkdtempSync(join(tmpdir(), "penstock-clock-"));
    const file = join(folder, "offset");
    // Replaced whole, so that nobody reads half of it.
    const shift = (seconds: number) => {
      writeFileSync(`${file}.next`, `${seconds < 0 ? "" : "+"}${seconds}`);
      renameSync(`${file}.next`, file);
    };
    shift(0);
    const server = await startServer({
      env: {
        LD_PRELOAD: preload,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        PENSTOCK_LOG: "warn",
      },
    });
    const violations: string[] = [];
    try {
      const api = apiOf(server);
      const { pipeline } = await api.upload({ "quick.yaml": alone("quick", shell("sleep 0.3")) });
      const asked = { pipelineId: pipeline.id, catchUp: "latest", overlap: "wait", maxConcurrency: 1 };
      const trigger = { kind: "interval", seconds: 2 };
      const { id } = await api.mutate<RecurringRunView>("recurringRuns.create", { ...asked, name: "clock", trigger });
      const slots = async () => (await api.query<PageView<SlotView>>("recurringRuns.slots", { id, limit: 200 })).items;
      const grown = async (what: string) => {
        const before = (await slots()).length;
        await until(what, async () => (await slots()).length >= before + 2, 30_000, 100);
      };
      await grown("the first moments");
      const jumps = slice ? [3_600] : [3_600, 90_000, 172_800];
      for (const seconds of jumps) {
        shift(seconds);
        await grown(`moments after a jump by ${seconds} s`);
      }
      const newest = (await slots())[0];
      shift(jumps.at(-1) === undefined ? 0 : (jumps.at(-1) ?? 0) - 3_600);
      await new Promise((resume) => setTimeout(resume, 3_000));
      if ((await slots())[0]?.at !== newest?.at) violations.push("a moment came twice after the clock was put back");
      shift((jumps.at(-1) ?? 0) + 10);
      await grown("moments after the clock was put right");
      await api.mutate("recurringRuns.disable", { id });
      const runs = async () =>
        (await api.query<PageView<RunSummary>>("runs.list", { recurringRunId: id, limit: 200 })).items;
      await until(
        "the runs to be over",
        async () => (await runs()).every(({ finishedAt }) => finishedAt !== null),
        30_000,
      );
      const all = await runs();
      for (const { name, startedAt, finishedAt } of all) {
        const took = startedAt === null || finishedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(startedAt);
        if (took < 0 || took > HOUR / 2) violations.push(`${name} took ${took} ms`);
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
