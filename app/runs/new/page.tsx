/** Starts a run. */
import { NewRunPage } from "@/components/runs/new/new-run-page";

export default function NewRun() {
  return <NewRunPage />;
}
