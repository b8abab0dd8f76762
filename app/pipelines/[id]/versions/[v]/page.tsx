/** A pipeline at one of its versions. */
import { notFound } from "next/navigation";
import { PipelinePage } from "@/components/pipelines/page/pipeline-page";

export default async function PipelineVersion({
  params,
}: {
  readonly params: Promise<{ readonly id: string; readonly v: string }>;
}) {
  const { id, v } = await params;
  if (!/^[1-9]\d{0,8}$/.test(v)) notFound();
  return <PipelinePage id={id} number={Number(v)} />;
}
