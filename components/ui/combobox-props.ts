/** What a choice of many is given. */
import type { ReactNode } from "react";
import type { FieldControl } from "./field";

export interface ComboboxOption {
  readonly value: string;
  readonly label: string;
  readonly aside?: ReactNode;
}

export type ComboboxProps = Partial<FieldControl> & {
  readonly "aria-label"?: string;
  readonly value: string | null;
  /** What the button shows for the value. */
  readonly text: string | null;
  readonly options: readonly ComboboxOption[];
  readonly onValueChange: (value: string | null) => void;
  /** The caller searches; without it the options are filtered here. */
  readonly onSearch?: (text: string) => void;
  readonly placeholder: string;
  readonly searchLabel: string;
  readonly empty?: string;
  /** Offers a first entry that takes the choice back. */
  readonly clearLabel?: string;
  /** Makes what was typed, where nothing is called like that; offered as a last entry. Needs `onSearch`. */
  readonly onCreate?: ((name: string) => void) | undefined;
  readonly className?: string;
};
