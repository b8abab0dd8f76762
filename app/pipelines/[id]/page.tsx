/** A pipeline at its newest version. */
import { PipelinePage } from "@/components/pipelines/page/pipeline-page";

export default async function Pipeline({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <PipelinePage id={id} number={null} />;
}
