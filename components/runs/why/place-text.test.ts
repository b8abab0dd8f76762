/** The words for a place in the queue. */
import { expect, it } from "vitest";
import type { QueuePlaceView } from "@/server/domain/views/queue";
import { orderText, placeText } from "./place-text";

const place = (more: Partial<QueuePlaceView>): QueuePlaceView => ({
  limit: { kind: "engine", slots: 2 },
  used: 2,
  priority: 0,
  waiting: 7,
  higher: 0,
  ahead: 3,
  experiments: 1,
  holders: [],
  isEngineAlive: true,
  ...more,
});

it("says which limit is reached and how many come first as things stand", () => {
  expect(placeText(place({}))).toBe("2 of 2 step slots in use. 3 come first as things stand, of 7 that wait.");
  expect(placeText(place({ ahead: 1 }))).toContain("1 comes first as things stand");
  expect(placeText(place({ ahead: null, waiting: 9_000 }))).toContain("Hundreds come first as things stand, of 9,000");
  const alone = place({ limit: { kind: "profile", name: "gpu", slots: 1 }, used: 1, ahead: 0, waiting: 1 });
  expect(placeText(alone)).toBe("1 of 1 step slots of the profile gpu in use. It is next.");
  expect(placeText(place({ isEngineAlive: false }))).toContain("The engine is down");
  const cpus = place({ limit: { kind: "cpus", name: "gpu", total: 8 }, used: 6.5, ahead: 0 });
  const next = "of the profile gpu in use, and the next step does not fit. It is next, of 7 that wait.";
  expect(placeText(cpus)).toBe(`6.5 of 8 processors ${next}`);
  const memory = place({ limit: { kind: "memory", name: "gpu", total: 64e9 }, used: 32e9, ahead: 0 });
  expect(placeText(memory)).toBe(`32 GB of 64 GB memory ${next}`);
});

it("says what makes the order where that is not the wait alone", () => {
  expect(orderText(place({}))).toBeNull();
  expect(orderText(place({ priority: -5, higher: 1, experiments: 3 }))).toBe(
    "Its priority is -5. 1 of them has a higher priority. 3 experiments take turns.",
  );
  expect(orderText(place({ higher: 2 }))).toBe("2 of them have a higher priority.");
  expect(orderText(place({ higher: 2, isEngineAlive: false }))).toBeNull();
});
