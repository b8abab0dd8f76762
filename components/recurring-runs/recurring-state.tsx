/** How the states of recurring runs look, and in words. */
import { CalendarCheck2, CalendarClock, CalendarOff, type LucideIcon } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";

const LOOKS: {
  readonly [state in RecurringRunView["state"]]: {
    readonly label: string;
    readonly icon: LucideIcon;
    readonly text: string;
  };
} = {
  enabled: { label: "Enabled", icon: CalendarClock, text: "text-succeeded" },
  disabled: { label: "Disabled", icon: CalendarOff, text: "text-canceled" },
  ended: { label: "Ended", icon: CalendarCheck2, text: "text-skipped" },
};

/** Icon and word; on a phone the word is for readers only where `compact` says so. */
export function RecurringState({
  state,
  compact = false,
}: {
  readonly state: RecurringRunView["state"];
  readonly compact?: boolean;
}) {
  const { label, icon: Icon, text } = LOOKS[state];
  return (
    <span className={cn("relative inline-flex items-center gap-1.5 whitespace-nowrap text-sm font-medium", text)}>
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className={compact ? "max-md:sr-only" : undefined}>{label}</span>
    </span>
  );
}
