/** A recurring run: its slots, its runs and what was done to it. */
import { RecurringRunPage } from "@/components/recurring-runs/page/recurring-run-page";

export default async function RecurringRun({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <RecurringRunPage id={id} />;
}
