/** Runs side by side. */
import { ComparePage } from "@/components/compare/compare-page";

export default function Compare() {
  return <ComparePage />;
}
