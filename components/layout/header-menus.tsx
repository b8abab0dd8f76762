/** The two choices that colour every page: time zone and theme. */
"use client";

import { ChevronDown, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { buttonClass } from "@/components/ui/button";
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
import { signOut } from "./sign-out";

const COMMON_ZONES = [
  "America/Los_Angeles",
  "America/New_York",
  "Europe/London",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Asia/Tokyo",
];

export function TimeZoneMenu() {
  const { choice, zone, choose } = useTimeZone();
  const zones =
    COMMON_ZONES.includes(choice) || choice === "local" || choice === "UTC" ? COMMON_ZONES : [choice, ...COMMON_ZONES];
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className={buttonClass("ghost", "sm", "max-md:hidden")} aria-label={`Time zone: ${choice}`}>
        {choice === "local" ? "Local time" : (zone?.split("/").at(-1)?.replaceAll("_", " ") ?? "Local time")}
        <ChevronDown className="size-3.5!" />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
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
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

export function ThemeMenu() {
  const { theme, setTheme } = useTheme();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger aria-label="Theme and session" className={buttonClass("ghost", "sm", "w-7 px-0")}>
        <Sun className="dark:hidden" />
        <Moon className="hidden dark:block" />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
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
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
