/** What each view of a comparison is given. */
import type { ComparisonView } from "@/server/domain/views/compare";
import type { CompareUrl, SetCompareUrl } from "./compare-url";
import type { Sections } from "./rows/comparison";
import type { ComparedRunActions } from "./use-compared-runs";

export interface CompareViewProps {
  readonly view: ComparisonView;
  readonly sections: Sections;
  /** Place of the run that the others are measured against. */
  readonly baseline: number;
  readonly url: CompareUrl;
  readonly setUrl: SetCompareUrl;
  readonly actions: ComparedRunActions;
}
