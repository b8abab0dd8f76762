/** All runs. */
import { RunsPage } from "@/components/runs/list/runs-page";

export default function Runs() {
  return <RunsPage />;
}
