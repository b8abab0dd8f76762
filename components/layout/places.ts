/** The places of the product: what the sidebar, the bottom bar and the palette lead to. */
import { FlaskConical, House, type LucideIcon, Play, Workflow } from "lucide-react";

interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Second key after `g`. */
  readonly key: string;
}

export const PLACES: readonly Place[] = [
  { href: "/", label: "Home", icon: House, key: "h" },
  { href: "/runs", label: "Runs", icon: Play, key: "r" },
  { href: "/pipelines", label: "Pipelines", icon: Workflow, key: "p" },
  { href: "/experiments", label: "Experiments", icon: FlaskConical, key: "e" },
];

/** Whether a path belongs to a place. */
export const isWithin = (href: string, pathname: string): boolean =>
  href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
