/** What a list says of its columns, its order and what is selected. */
import type { ReactNode } from "react";

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** For header and cells: width, alignment, from which width on it shows. */
  readonly className?: string;
  /** Digits stand under each other: header and cells at the right. */
  readonly isNumber?: true;
  /** Name of the sort this column stands for; absent = it cannot sort. */
  readonly sort?: string;
  /** The header is for readers only: always, or where there is no room for it. */
  readonly headerHidden?: "always" | "on phones";
  /** Width in px where columns were chosen, 140 by itself. */
  readonly size?: number;
  /** Shown on a phone too where columns were chosen; the others wait for a wider screen. */
  readonly onPhones?: true;
}

export interface Sorting {
  readonly by: string;
  readonly direction: "asc" | "desc";
}

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
}
