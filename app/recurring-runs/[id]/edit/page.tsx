/** Changes a recurring run in place. */
import { EditRecurringRunPage } from "@/components/recurring-runs/form/edit-recurring-run-page";

export default async function EditRecurringRun({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <EditRecurringRunPage id={id} />;
}
