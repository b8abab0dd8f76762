import { ArtifactPage } from "@/components/artifacts/artifact-page";

export const metadata = { title: "Artifact" };

export default async function Artifact({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  return <ArtifactPage id={Number((await params).id)} />;
}
