/** All profiles. */
import { ProfilesPage } from "@/components/settings/profiles-page";

export default function Profiles() {
  return <ProfilesPage />;
}
