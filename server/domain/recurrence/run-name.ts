/** Names of the runs of a recurring run, as Kubeflow makes them: tools look runs up by what they begin with. */

const MAX_BASE = 25;
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const RANDOM = 5;

/** What the names of a recurring run's runs begin with; `random` gives numbers from 0 up to 1. */
export function runNameBase(name: string, random: () => number): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "") || "job-";
  const tail = Array.from({ length: RANDOM }, () => LETTERS[Math.floor(random() * LETTERS.length)] ?? "b");
  return `${plain.slice(0, MAX_BASE)}${tail.join("")}`;
}

/** FNV-1a with 32 bits, over the bytes of an ASCII text. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/** The name of the run that is number `index` of its recurring run, counted from 1. */
export function runName(base: string, index: number): string {
  const numbered = `${base}-${index}`;
  return `${numbered}-${fnv1a(numbered)}`;
}
