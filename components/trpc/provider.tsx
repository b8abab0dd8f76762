/** Everything a page needs to ask the API: the query cache, the client with its links, and the live stream. */
"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { type ReactNode, useState } from "react";
import type { AppRouter } from "@/server/api/root";
import { TRPCProvider } from "./client";
import { LiveProvider } from "./live";
import { callProblem, isSignedOut } from "./problem";

const URL_PATH = "/api/trpc";

function goToSignIn(): void {
  if (location.pathname === "/sign-in") return;
  const to = `${location.pathname}${location.search}${location.hash}`;
  location.assign(`/sign-in?to=${encodeURIComponent(to)}`);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSignedOut(error)) goToSignIn();
      },
    }),
    defaultOptions: {
      queries: {
        // Changes arrive on the stream; what is cached stays true until one says otherwise.
        staleTime: 15_000,
        retry: (count, error) => count < 2 && callProblem(error).code === "unreachable",
        refetchOnWindowFocus: false,
      },
    },
  });
}

const createClient = () =>
  createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: URL_PATH, maxURLLength: 4000 })] });

export function ApiProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <LiveProvider>{children}</LiveProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
