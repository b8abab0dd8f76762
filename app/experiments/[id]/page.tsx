/** An experiment and its runs. */
import { ExperimentPage } from "@/components/experiments/experiment-page";

export default async function Experiment({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <ExperimentPage id={id} />;
}
