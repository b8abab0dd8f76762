/** The buttons of the menus of the header and of the phone's bar; the menus themselves come with the first press. */
"use client";

import { ChevronDown, Menu, Moon, Sun } from "lucide-react";
import { type ReactNode, useState } from "react";
import { buttonClass } from "@/components/ui/button";
import { useTimeZone } from "@/components/ui/time-zone";
import { useOnDemand } from "@/components/ui/use-on-demand";

const loadMenus = () => import("./header-menus");
type Menus = Awaited<ReturnType<typeof loadMenus>>;

export function TimeZoneButton() {
  const { choice, zone } = useTimeZone();
  return (
    <MenuButton
      menu="TimeZoneMenu"
      label={`Time zone: ${choice}`}
      className={buttonClass("ghost", "sm", "max-md:hidden")}
    >
      {choice === "local" ? "Local time" : (zone?.split("/").at(-1)?.replaceAll("_", " ") ?? "Local time")}
      <ChevronDown className="size-3.5!" />
    </MenuButton>
  );
}

export function ThemeButton() {
  return (
    <MenuButton menu="ThemeMenu" label="Theme and session" className={buttonClass("ghost", "sm", "w-7 px-0")}>
      <Sun className="dark:hidden" />
      <Moon className="hidden dark:block" />
    </MenuButton>
  );
}

/** The places that the bar of a phone has no room for. */
export function MorePlacesButton({ className }: { readonly className: string }) {
  return (
    <MenuButton menu="PlacesMenu" label="More places" className={className}>
      <Menu aria-hidden className="size-5" />
      More
    </MenuButton>
  );
}

function MenuButton({
  menu,
  label,
  className,
  children,
}: {
  readonly menu: keyof Menus;
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const { part, demand } = useOnDemand(loadMenus);
  const [byKey, setByKey] = useState(false);
  const look = { type: "button", "aria-label": label, className, children } as const;
  if (part) {
    const Opened = part[menu];
    return <Opened byKey={byKey} button={<button {...look} />} />;
  }
  return (
    <button
      {...look}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void loadMenus().catch(() => {})}
      onClick={(event) => {
        const isKey = event.detail === 0;
        demand(() => setByKey(isKey));
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowDown") demand(() => setByKey(true));
      }}
    />
  );
}
