/** All pipelines. */
import { PipelinesPage } from "@/components/pipelines/list/pipelines-page";

export default function Pipelines() {
  return <PipelinesPage />;
}
