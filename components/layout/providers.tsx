/** What stands around every page: theme, time zone, URL state, API, tooltips and messages. */
"use client";

import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { ApiProvider } from "@/components/trpc/provider";
import { TimeZoneProvider } from "@/components/ui/time-zone";
import { Toaster } from "@/components/ui/toast";
import { TooltipLayer } from "@/components/ui/tooltip";

export function Providers({ nonce, children }: { readonly nonce: string | undefined; readonly children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce ? { nonce } : {})}
    >
      <NuqsAdapter>
        <TimeZoneProvider>
          <ApiProvider>
            {children}
            <Toaster />
            <TooltipLayer />
          </ApiProvider>
        </TimeZoneProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}
