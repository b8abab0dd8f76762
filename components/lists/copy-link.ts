/** Copies the address of a list: as it stands, or as a short link where it is too long to be passed on. */
import type { useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { toast } from "@/components/ui/toast";

const LONG_ADDRESS = 300;

/** Copies the link and says so, or says why not. */
export async function copyLink(client: ReturnType<typeof useTRPCClient>): Promise<void> {
  try {
    const address = `${location.pathname}${location.search}`;
    const short = address.length > LONG_ADDRESS ? await client.views.shorten.mutate({ address }) : null;
    await navigator.clipboard.writeText(`${location.origin}${short === null ? address : `/s/${short.id}`}`);
    toast({ title: short === null ? "The link was copied" : "A short link was copied" });
  } catch (error) {
    toast({ tone: "error", title: "The link was not copied", description: callProblem(error).message });
  }
}
