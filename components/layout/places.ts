/** The places of the product: what the sidebar, the bottom bar and the palette lead to. */
import {
  CalendarClock,
  Columns3,
  FlaskConical,
  House,
  ListChecks,
  type LucideIcon,
  Package,
  Play,
  Settings,
  Workflow,
} from "lucide-react";

interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Second key after `g`. */
  readonly key: string;
  /** Not in the bar of a phone, which has room for few and leads to the others by a menu. */
  readonly isWideOnly?: boolean;
}

export const PLACES: readonly Place[] = [
  { href: "/", label: "Home", icon: House, key: "h" },
  { href: "/runs", label: "Runs", icon: Play, key: "r" },
  { href: "/pipelines", label: "Pipelines", icon: Workflow, key: "p" },
  { href: "/experiments", label: "Experiments", icon: FlaskConical, key: "e" },
  { href: "/recurring-runs", label: "Recurring runs", icon: CalendarClock, key: "u", isWideOnly: true },
  { href: "/compare", label: "Compare", icon: Columns3, key: "c", isWideOnly: true },
  { href: "/executions", label: "Executions", icon: ListChecks, key: "x", isWideOnly: true },
  { href: "/artifacts", label: "Artifacts", icon: Package, key: "a", isWideOnly: true },
  { href: "/settings", label: "Settings", icon: Settings, key: "s", isWideOnly: true },
];

/** Whether a path belongs to a place. */
export const isWithin = (href: string, pathname: string): boolean =>
  href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
