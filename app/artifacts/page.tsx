import { ArtifactsPage } from "@/components/artifacts/artifacts-page";

export const metadata = { title: "Artifacts" };

export default ArtifactsPage;
