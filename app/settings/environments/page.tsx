/** Python environments. */
import { EnvironmentsPage } from "@/components/settings/environments-page";

export default function Environments() {
  return <EnvironmentsPage />;
}
