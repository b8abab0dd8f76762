/** Hides known values in bytes without moving any: each is overwritten by stars, however the bytes are cut into parts. */

/** No value of fewer bytes is looked for: `on`, `42` and the like would blot out half of every log. */
export const SHORTEST_HIDDEN = 4;
/** Longer values are looked for in pieces, so that a reader never needs more than this before and after a part. */
const LONGEST_PIECE = 4_096;

const STAR = 42;
const LF = 10;
const CR = 13;

export interface Masker {
  /** Bytes of the longest text it knows; 0 when there is nothing to hide. */
  readonly reach: number;
  /** Overwrites what is known, in place. At the end of a file also the beginning of what may go on later. */
  hide(bytes: Buffer, isEnd: boolean): void;
  /** The same for a text. */
  text(text: string): string;
  /** The same for a text that may be nothing but a value, which is then hidden however short it is. */
  value(text: string): string;
}

/** Knows nothing, hides nothing. */
export const NO_MASKER: Masker = { reach: 0, hide: () => undefined, text: (text) => text, value: (text) => text };

interface Span {
  readonly from: number;
  to: number;
}

function pieces(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LONGEST_PIECE) {
    const from = Math.max(0, Math.min(at, bytes.length - LONGEST_PIECE));
    found.push(bytes.subarray(from, from + LONGEST_PIECE));
  }
  return found;
}

/** Whether the first `length` bytes of a known text stand there; most differ early, which a call out of here costs more to learn. */
function isAt(known: Buffer, bytes: Buffer, from: number, length: number): boolean {
  for (let at = 0; at < length; at += 1) if (known[at] !== bytes[from + at]) return false;
  return true;
}

/** Known texts by their first four bytes, and how far a scan may jump after two bytes that it meets (Wu and Manber 1994). */
class Dictionary {
  readonly reach: number;
  readonly #shortest: number;
  readonly #jumps: Uint8Array;
  readonly #byHead = new Map<number, Buffer[]>();

  constructor(known: readonly Buffer[]) {
    this.reach = known.reduce((longest, { length }) => Math.max(longest, length), 0);
    this.#shortest = known.reduce((least, { length }) => Math.min(least, length), 255);
    this.#jumps = new Uint8Array(0x10000).fill(this.#shortest - 1);
    for (const bytes of known) this.#add(bytes);
  }

  #add(bytes: Buffer): void {
    for (let at = 1; at < this.#shortest; at += 1) {
      const pair = bytes.readUInt16BE(at - 1);
      this.#jumps[pair] = Math.min(this.#jumps[pair] ?? 0, this.#shortest - 1 - at);
    }
    const head = bytes.readUInt32BE(0);
    const alike = this.#byHead.get(head);
    if (alike === undefined) this.#byHead.set(head, [bytes]);
    else alike.push(bytes);
  }

  #at(bytes: Buffer, from: number): readonly Buffer[] {
    return this.#byHead.get(bytes.readUInt32BE(from)) ?? [];
  }

  /** Where known texts stand, joined where they overlap, in order. */
  spans(bytes: Buffer, isEnd: boolean): Span[] {
    const spans: Span[] = [];
    const add = (from: number, to: number): void => {
      const last = spans.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else spans.push({ from, to });
    };
    let last = this.#shortest - 1;
    while (last < bytes.length) {
      const jump = this.#jumps[((bytes[last - 1] ?? 0) << 8) | (bytes[last] ?? 0)] ?? 1;
      if (jump === 0) {
        const from = last - this.#shortest + 1;
        for (const known of this.#at(bytes, from)) {
          const to = from + known.length;
          if (to <= bytes.length && isAt(known, bytes, from, known.length)) add(from, to);
        }
      }
      last += jump || 1;
    }
    return isEnd ? [...spans, ...this.#begun(bytes)] : spans;
  }

  /** Where a known text may have begun that the end of the bytes cuts off. */
  #begun(bytes: Buffer): Span[] {
    const first = Math.max(0, bytes.length - this.reach + 1);
    for (let from = first; from + SHORTEST_HIDDEN <= bytes.length; from += 1) {
      const isBegun = this.#at(bytes, from).some(
        (known) => known.length > bytes.length - from && isAt(known, bytes, from, bytes.length - from),
      );
      if (isBegun) return [{ from, to: bytes.length }];
    }
    return [];
  }
}

/** Makes what hides these texts; those that are too short only where they stand alone. Line breaks within them stay. */
export function maskerOf(texts: Iterable<string>): Masker {
  const all = new Set(texts);
  all.delete("");
  if (all.size === 0) return NO_MASKER;
  const known = [...all].map((text) => Buffer.from(text)).filter(({ length }) => length >= SHORTEST_HIDDEN);
  const dictionary = new Dictionary(known.flatMap(pieces));
  const hide = (bytes: Buffer, isEnd: boolean): void => {
    for (const { from, to } of dictionary.spans(bytes, isEnd)) {
      for (let at = from; at < to; at += 1) if (bytes[at] !== LF && bytes[at] !== CR) bytes[at] = STAR;
    }
  };
  const shown = (text: string): string => {
    const bytes = Buffer.from(text);
    hide(bytes, false);
    return bytes.toString("utf8");
  };
  return {
    reach: dictionary.reach,
    hide,
    text: dictionary.reach === 0 ? NO_MASKER.text : shown,
    value: (text) => (all.has(text) ? "*".repeat(Buffer.byteLength(text)) : shown(text)),
  };
}
