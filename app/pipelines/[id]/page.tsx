/** A pipeline at its newest version, or at the one a link names by its id. */
import { PipelinePage } from "@/components/pipelines/page/pipeline-page";

export default async function Pipeline({
  params,
  searchParams,
}: {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly versionId?: string | string[] }>;
}) {
  const { id } = await params;
  const { versionId } = await searchParams;
  return <PipelinePage id={id} number={null} versionId={typeof versionId === "string" ? versionId : undefined} />;
}
