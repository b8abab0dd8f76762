/** Makes a profile. */
import { ProfilePage } from "@/components/settings/profile-page";

export default function NewProfile() {
  return <ProfilePage name={null} />;
}
