/** A switch with its label and a line that says what it does. */
import type { ReactNode } from "react";
import { Switch } from "./switch";

interface SwitchFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: ReactNode;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}

export function SwitchField({ id, label, hint, checked, onChange }: SwitchFieldProps) {
  return (
    <div className="flex items-start gap-3">
      <Switch id={id} checked={checked} onCheckedChange={onChange} aria-describedby={`${id}-hint`} />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-xs text-dim">
          {hint}
        </p>
      </div>
    </div>
  );
}
