/** Makes a recurring run. */
import { NewRecurringRunPage } from "@/components/recurring-runs/form/new-recurring-run-page";

export default function NewRecurringRun() {
  return <NewRecurringRunPage />;
}
