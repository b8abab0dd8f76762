/** Where a step stands in the queue, in words that are true while experiments take turns. Pure. */
import { byteText } from "@/server/domain/bytes";
import type { QueuePlaceView } from "@/server/domain/views/queue";

const number = (count: number): string => count.toLocaleString("en");

/** Processors, of which there may be fractions. */
const shown = (count: number): string => count.toLocaleString("en", { maximumFractionDigits: 2 });

function limitText({ limit, used }: QueuePlaceView): string {
  if ("total" in limit) {
    const of = `of the profile ${limit.name} in use, and the next step does not fit`;
    return limit.kind === "cpus"
      ? `${shown(used)} of ${shown(limit.total)} processors ${of}`
      : `${byteText(used)} of ${byteText(limit.total)} memory ${of}`;
  }
  const what = limit.kind === "engine" ? "step slots" : `step slots of the profile ${limit.name}`;
  return `${number(used)} of ${number(limit.slots)} ${what} in use`;
}

function aheadText({ ahead, waiting }: QueuePlaceView): string {
  if (ahead === 0) return waiting > 1 ? `It is next, of ${number(waiting)} that wait` : "It is next";
  const first = ahead === null ? "Hundreds come" : ahead === 1 ? "1 comes" : `${number(ahead)} come`;
  return `${first} first as things stand, of ${number(waiting)} that wait`;
}

/** The place: "2 of 2 step slots in use. 3 come first as things stand, of 7 that wait." */
export function placeText(place: QueuePlaceView): string {
  if (!place.isEngineAlive) return "The engine is down; it goes on once that is back.";
  return `${limitText(place)}. ${aheadText(place)}.`;
}

/** What makes the order: priorities that are not the ordinary one, and experiments that take turns; null for neither. */
export function orderText({ priority, higher, experiments, isEngineAlive }: QueuePlaceView): string | null {
  if (!isEngineAlive) return null;
  const own = priority === 0 ? null : `Its priority is ${priority}.`;
  const above = higher === 0 ? null : `${number(higher)} of them ${higher === 1 ? "has" : "have"} a higher priority.`;
  const turns = experiments < 2 ? null : `${number(experiments)} experiments take turns.`;
  const said = [own, above, turns].filter((text) => text !== null);
  return said.length === 0 ? null : said.join(" ");
}
