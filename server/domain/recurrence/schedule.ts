/** A schedule and its slots: the due moments between its anchor and its end, for every kind of trigger. */
import { assertNever } from "../assert-never";
import { countCronSlots, nextCronSlot, previousCronSlot } from "./cron-slots";
import { everyMs } from "./cron-text";
import { cronTimes } from "./cron-times";
import { zoneOf } from "./zone";

export type Trigger =
  | { readonly kind: "interval"; readonly everyMs: number }
  /** Six fields, or `@every` with a duration. */
  | { readonly kind: "cron"; readonly cron: string }
  /** One slot, at the anchor. */
  | { readonly kind: "none" };

export interface Schedule {
  readonly trigger: Trigger;
  readonly timeZone: string;
  /** Moments are counted from here; the first one is later, but for a one-off, which is due here. */
  readonly anchorMs: number;
  /** The last moment that may be a slot. */
  readonly endMs: number | null;
}

export interface Slots {
  /** The first slot after a moment, null when there is none. */
  readonly next: (afterMs: number) => number | null;
  /** The last slot up to and with a moment, null when there is none. */
  readonly previous: (upToMs: number) => number | null;
  /** How many slots lie from one of them to another, both counted. */
  readonly count: (firstMs: number, lastMs: number) => number;
}

function intervalSlots(anchorMs: number, stepMs: number): Slots {
  return {
    next: (afterMs) => anchorMs + (Math.floor(Math.max(afterMs - anchorMs, 0) / stepMs) + 1) * stepMs,
    previous: (upToMs) => {
      const steps = Math.floor((upToMs - anchorMs) / stepMs);
      return steps < 1 ? null : anchorMs + steps * stepMs;
    },
    count: (firstMs, lastMs) => Math.floor((lastMs - firstMs) / stepMs) + 1,
  };
}

function onceAt(anchorMs: number): Slots {
  return {
    next: (afterMs) => (afterMs < anchorMs ? anchorMs : null),
    previous: (upToMs) => (upToMs >= anchorMs ? anchorMs : null),
    count: () => 1,
  };
}

function cronSlots({ anchorMs, timeZone }: Schedule, cron: string): Slots {
  const stepMs = everyMs(cron);
  if (stepMs !== null) return intervalSlots(anchorMs, stepMs);
  const times = cronTimes(cron);
  const zone = zoneOf(timeZone);
  return {
    next: (afterMs) => nextCronSlot(times, zone, Math.max(afterMs, anchorMs)),
    previous: (upToMs) => previousCronSlot(times, zone, anchorMs, upToMs),
    count: (firstMs, lastMs) => countCronSlots(times, zone, firstMs - 1, lastMs),
  };
}

function endlessSlots(schedule: Schedule): Slots {
  const { trigger, anchorMs } = schedule;
  switch (trigger.kind) {
    case "interval":
      return intervalSlots(anchorMs, trigger.everyMs);
    case "cron":
      return cronSlots(schedule, trigger.cron);
    case "none":
      return onceAt(anchorMs);
    default:
      return assertNever(trigger);
  }
}

/** The slots of a schedule. Throws when its cron or its zone cannot be read. */
export function slotsOf(schedule: Schedule): Slots {
  const slots = endlessSlots(schedule);
  const { endMs } = schedule;
  if (endMs === null) return slots;
  return {
    ...slots,
    next: (afterMs) => {
      const next = slots.next(afterMs);
      return next === null || next > endMs ? null : next;
    },
    previous: (upToMs) => slots.previous(Math.min(upToMs, endMs)),
  };
}

/** The first slot of all. */
export const firstSlot = (schedule: Schedule): number | null =>
  slotsOf(schedule).next(schedule.trigger.kind === "none" ? schedule.anchorMs - 1 : schedule.anchorMs);
