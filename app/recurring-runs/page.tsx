/** All recurring runs. */
import { RecurringRunsPage } from "@/components/recurring-runs/list/recurring-runs-page";

export default function RecurringRuns() {
  return <RecurringRunsPage />;
}
