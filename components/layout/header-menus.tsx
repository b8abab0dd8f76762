/** Menus that open as they arrive: the two choices that colour every page, time zone and theme, and on a phone the places beside its bar. */
"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import Link from "next/link";
import { useTheme } from "next-themes";
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { useTimeZone } from "@/components/ui/time-zone";
import { PLACES } from "./places";
import { signOut } from "./sign-out";

const COMMON_ZONES = [
  "America/Los_Angeles",
  "America/New_York",
  "Europe/London",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Asia/Tokyo",
];

interface MenuProps {
  /** Opened with a key: the first entry is marked at once. */
  readonly byKey: boolean;
  readonly button: ReactElement;
}

/** The menu around the button that was pressed before it was there. */
function OpenedMenu({ byKey, button, children }: MenuProps & { readonly children: ReactNode }) {
  const trigger = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The menu tells keys from pointers by the events it sees, and it has not seen the one that called it.
    if (byKey) trigger.current?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  }, [byKey]);
  return (
    <DropdownMenu defaultOpen={!byKey}>
      <DropdownMenuTrigger ref={trigger} asChild>
        {button}
      </DropdownMenuTrigger>
      <DropdownMenuContent>{children}</DropdownMenuContent>
    </DropdownMenu>
  );
}

export function PlacesMenu(props: MenuProps) {
  return (
    <OpenedMenu {...props}>
      {PLACES.filter((place) => place.isWideOnly).map((place) => (
        <DropdownMenuItem key={place.href} asChild>
          <Link href={place.href}>
            <place.icon aria-hidden />
            {place.label}
          </Link>
        </DropdownMenuItem>
      ))}
    </OpenedMenu>
  );
}

export function TimeZoneMenu(props: MenuProps) {
  const { choice, choose } = useTimeZone();
  const zones =
    COMMON_ZONES.includes(choice) || choice === "local" || choice === "UTC" ? COMMON_ZONES : [choice, ...COMMON_ZONES];
  return (
    <OpenedMenu {...props}>
      <DropdownMenuLabel>Times are shown in</DropdownMenuLabel>
      <DropdownMenuRadioGroup value={choice} onValueChange={choose}>
        <DropdownMenuRadioItem value="local">This device's zone</DropdownMenuRadioItem>
        <DropdownMenuRadioItem value="UTC">UTC</DropdownMenuRadioItem>
        <DropdownMenuSeparator />
        {zones.map((name) => (
          <DropdownMenuRadioItem key={name} value={name}>
            {name.replaceAll("_", " ")}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
    </OpenedMenu>
  );
}

export function ThemeMenu(props: MenuProps) {
  const { theme, setTheme } = useTheme();
  return (
    <OpenedMenu {...props}>
      <DropdownMenuLabel>Theme</DropdownMenuLabel>
      <DropdownMenuRadioGroup value={theme ?? "system"} onValueChange={setTheme}>
        <DropdownMenuRadioItem value="system">
          <Monitor /> As the system
        </DropdownMenuRadioItem>
        <DropdownMenuRadioItem value="light">
          <Sun /> Light
        </DropdownMenuRadioItem>
        <DropdownMenuRadioItem value="dark">
          <Moon /> Dark
        </DropdownMenuRadioItem>
      </DropdownMenuRadioGroup>
      <DropdownMenuSeparator />
      <DropdownMenuItem onSelect={() => void signOut()}>Sign out</DropdownMenuItem>
    </OpenedMenu>
  );
}
