/** The reference of the API. */
import { ReferencePage } from "@/components/reference/reference-page";
import { thisReference } from "@/server/reference/this-server";

export const dynamic = "force-dynamic";

export default function ApiReference() {
  return <ReferencePage view={thisReference()} />;
}
