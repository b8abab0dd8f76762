/** The differences of two versions of a pipeline. */
import { VersionDiffPage } from "@/components/pipelines/diff/version-diff-page";

export default async function PipelineDiff({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  return <VersionDiffPage id={(await params).id} />;
}
