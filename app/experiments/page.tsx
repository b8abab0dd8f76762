/** All experiments. */
import { ExperimentsPage } from "@/components/experiments/list/experiments-page";

export default function Experiments() {
  return <ExperimentsPage />;
}
