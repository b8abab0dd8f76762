/** Secrets and config maps. */
import { SecretsPage } from "@/components/settings/secrets-page";

export default function Secrets() {
  return <SecretsPage />;
}
