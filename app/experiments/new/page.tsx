/** Makes an experiment. */
import { NewExperimentPage } from "@/components/experiments/new-experiment-page";

export default function NewExperiment() {
  return <NewExperimentPage />;
}
