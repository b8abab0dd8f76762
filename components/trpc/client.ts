/** The typed door to the API: `useTRPC()` gives query and mutation options, `useTRPCClient()` calls directly. */
"use client";

import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { AppRouter } from "@/server/api/root";

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
