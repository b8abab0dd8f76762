/** Lists API tokens. */
import { listTokenRows } from "@/db/queries/api-tokens";
import type { TokenView } from "@/server/domain/api-tokens";
import type { Context } from "../context";
import { tokenView } from "./token-view";

/** All that are not revoked, expired ones too, the newest first. */
export const listTokens = ({ db }: Context): TokenView[] => listTokenRows(db).map(tokenView);
