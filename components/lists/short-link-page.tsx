/** A short link: leads on to the address that it stands for. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";

export function ShortLinkPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { data, error } = useQuery(trpc.views.expand.queryOptions({ id }));
  const address = data?.address;
  useEffect(() => {
    if (address !== undefined) router.replace(address);
  }, [address, router]);
  return (
    <Page>
      <Crumbs items={[{ label: "Short link" }]} />
      <PageTitle title="Short link" />
      {error ? (
        <ErrorState title="This link leads nowhere" message={callProblem(error).message} />
      ) : (
        <SkeletonRows label="Following the link" />
      )}
    </Page>
  );
}
