/** The frame of the product: sidebar, header, the page, the status line; and the keys that work everywhere. */
"use client";

import { Search } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useModKey } from "@/components/keys/mod-key";
import { useKeys } from "@/components/keys/use-keys";
import { buttonClass } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useOnDemand } from "@/components/ui/use-on-demand";
import { CrumbTrail } from "./crumbs";
import { ThemeButton, TimeZoneButton } from "./header-buttons";
import { LiveIndicator } from "./live-indicator";
import { Mark } from "./mark";
import { PLACES } from "./places";
import { BottomBar, Sidebar } from "./sidebar";
import { StatusLine } from "./status-line";
import { useStatusUpdates } from "./use-status";

const loadPalette = () => import("./palette");
const loadSheet = () => import("@/components/keys/shortcut-sheet");

const YEAR_S = 31_536_000;

/** A new page takes the focus that went with what was pressed on the old one; what still has it keeps it. */
function useFocusOfPage(): void {
  const pathname = usePathname();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const held = document.activeElement;
    if (held === null || held === document.body) document.getElementById("main")?.focus({ preventScroll: true });
  }, [pathname]);
}

export function Shell({
  folded: initiallyFolded,
  children,
}: {
  readonly folded: boolean;
  readonly children: ReactNode;
}) {
  const pathname = usePathname();
  if (pathname === "/sign-in") return <main id="main">{children}</main>;
  return <Frame initiallyFolded={initiallyFolded}>{children}</Frame>;
}

function Frame({ initiallyFolded, children }: { readonly initiallyFolded: boolean; readonly children: ReactNode }) {
  const router = useRouter();
  const [folded, setFolded] = useState(initiallyFolded);
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const palette = useOnDemand(loadPalette);
  const sheet = useOnDemand(loadSheet);
  const showPalette = () => palette.demand(() => setOpen("palette"));
  const showKeys = () => sheet.demand(() => setOpen("keys"));
  const close = (isOpen: boolean) => {
    if (!isOpen) setOpen(null);
  };
  const mod = useModKey();
  useFocusOfPage();
  useStatusUpdates();
  const fold = () => {
    setFolded(!folded);
    // biome-ignore lint/suspicious/noDocumentCookie: the next page must be drawn with the right width by the server
    document.cookie = `penstock-sidebar=${folded ? "open" : "folded"}; path=/; max-age=${YEAR_S}; samesite=lax`;
  };
  useKeys({
    "mod+k": () => (open === "palette" ? setOpen(null) : showPalette()),
    "mod+b": fold,
    "?": showKeys,
    c: () => router.push("/runs/new"),
    u: () => router.push("/pipelines/new"),
    ...Object.fromEntries(PLACES.map((place) => [`g ${place.key}`, () => router.push(place.href)])),
  });
  return (
    <div className="flex h-dvh">
      <a
        href="#main"
        className="sr-only z-80 rounded-md bg-accent px-3 py-2 text-sm font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <Sidebar folded={folded} onFold={fold} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 border-b px-6 max-md:px-4">
          <Link href="/" aria-label="Penstock, home" className="mr-1 md:hidden">
            <Mark />
          </Link>
          <CrumbTrail />
          <button
            type="button"
            onClick={showPalette}
            className={buttonClass("secondary", "sm", "font-normal text-dim max-md:w-8 max-md:px-0")}
          >
            <Search />
            <span className="max-md:sr-only">Search</span>
            <span aria-hidden className="max-md:hidden">
              <Kbd>{mod === "⌘" ? "⌘K" : "Ctrl K"}</Kbd>
            </span>
          </button>
          <LiveIndicator />
          <TimeZoneButton />
          <ThemeButton />
        </header>
        <main id="main" tabIndex={-1} className="scroll-thin min-h-0 flex-1 overflow-auto outline-none">
          {children}
        </main>
        <StatusLine />
        <BottomBar />
      </div>
      {open === "palette" && palette.part ? (
        <palette.part.Palette open onOpenChange={close} onShowKeys={showKeys} />
      ) : null}
      {open === "keys" && sheet.part ? <sheet.part.ShortcutSheet open onOpenChange={close} /> : null}
    </div>
  );
}
