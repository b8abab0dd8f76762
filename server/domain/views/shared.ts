/** What the views of every noun have in common: moments, references and pages. All views are the shapes that leave the server. */

export type IsoTime = string;

/** A page of a list; `next` is the token of the following page. `total` is exact up to 10,000, then 10,001 stands for more. */
export interface PageView<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number;
}

export interface NamedRef {
  readonly id: string;
  readonly name: string;
}
