/** One run. */
import { RunPage } from "@/components/runs/run-page/run-page";

export default async function Run({ params }: { readonly params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <RunPage id={id} />;
}
