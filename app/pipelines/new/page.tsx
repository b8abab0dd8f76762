/** Takes a pipeline. */
import { UploadPage } from "@/components/pipelines/upload/upload-page";

export default function NewPipeline() {
  return <UploadPage />;
}
