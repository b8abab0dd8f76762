/** Pipelines of journaling steps in several shapes, and the end that each must come to. */
import type { RunState } from "@/server/domain/states";
import { journalingScript } from "./journal";
import { guardedLoop, shellPipeline } from "./steps";

export interface MixedPipeline {
  readonly name: string;
  readonly spec: object;
  readonly end: RunState;
}

interface TaskShape {
  readonly key: string;
  readonly after?: readonly string[];
  readonly sleepSeconds?: number;
  readonly fails?: boolean;
}

/** Lines that each journaling step prints. */
export const LINES = 20;

function specOf(name: string, journal: string, tasks: readonly TaskShape[]): object {
  return shellPipeline(
    name,
    tasks.map(({ key, after, sleepSeconds, fails }) => ({
      key,
      script: journalingScript(journal, {
        lines: LINES,
        sleepSeconds: sleepSeconds ?? 0.05,
        ...(fails && { tail: "exit 3" }),
      }),
      ...(after && { after }),
    })),
  );
}

/** Shell text that fails the first time a step of a run gets here and succeeds from then on. */
const failsOnce = (journal: string): string =>
  `mark='${journal}'.$PENSTOCK_RUN_ID.$(echo "$PENSTOCK_STEP" | tr / _); [ -e "$mark" ] || { : > "$mark"; exit 1; }`;

/** A chain, a fan-out with a fan-in, one with a failing step, a long step, and a loop with tries and an exit task. */
export function mixedPipelines(journal: string): MixedPipeline[] {
  const chain: TaskShape[] = [0, 1, 2, 3].map((i) => ({ key: `c${i}`, ...(i > 0 && { after: [`c${i - 1}`] }) }));
  const middle = ["m0", "m1", "m2", "m3"];
  return [
    { name: "mixed-chain", spec: specOf("mixed-chain", journal, chain), end: "succeeded" },
    {
      name: "mixed-fan",
      spec: specOf("mixed-fan", journal, [
        { key: "first" },
        ...middle.map((key, i) => ({ key, after: ["first"], sleepSeconds: 0.05 * i })),
        { key: "last", after: middle },
      ]),
      end: "succeeded",
    },
    {
      name: "mixed-failing",
      spec: specOf("mixed-failing", journal, [
        { key: "good" },
        { key: "bad", fails: true },
        { key: "after-bad", after: ["bad"] },
        { key: "after-good", after: ["good"] },
      ]),
      end: "failed",
    },
    {
      name: "mixed-constructs",
      spec: guardedLoop(
        "mixed-constructs",
        {
          items: 4,
          parallelism: 2,
          steps: [
            {
              key: "again",
              script: journalingScript(journal, { lines: LINES, sleepSeconds: 0.05, tail: failsOnce(journal) }),
              retries: { count: 1, seconds: 0 },
            },
            { key: "then", script: journalingScript(journal, { lines: LINES, sleepSeconds: 0.02 }), after: ["again"] },
          ],
        },
        journalingScript(journal, { lines: LINES, sleepSeconds: 0.02 }),
      ),
      end: "succeeded",
    },
    { name: "mixed-long", spec: specOf("mixed-long", journal, [{ key: "long", sleepSeconds: 1.5 }]), end: "succeeded" },
  ];
}
