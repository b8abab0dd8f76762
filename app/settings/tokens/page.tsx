/** API tokens. */
import { TokensPage } from "@/components/settings/tokens-page";

export default function Tokens() {
  return <TokensPage />;
}
