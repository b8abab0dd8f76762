/** One profile. */
import { ProfilePage } from "@/components/settings/profile-page";

export default async function Profile({ params }: { readonly params: Promise<{ readonly name: string }> }) {
  const { name } = await params;
  return <ProfilePage name={decodeURIComponent(name)} />;
}
