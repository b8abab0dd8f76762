/** Volumes. */
import { VolumesPage } from "@/components/settings/volumes-page";

export default function Volumes() {
  return <VolumesPage />;
}
