/** API tokens: what one may do, how it is shown, and what clients may ask about them. */
import { z } from "zod";
import { ById, Name } from "./inputs/shared";

export const TOKEN_ACCESS = ["full", "read"] as const;
/** `full` may do everything, `read` changes nothing and sees no secrets, settings or tokens. */
export type TokenAccess = (typeof TOKEN_ACCESS)[number];

/** A token without its text, which nobody is told twice. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  /** How its text begins. */
  readonly prefix: string;
  readonly access: TokenAccess;
  readonly createdAt: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** To the minute; null when it was not used yet. */
  readonly lastUsedAt: string | null;
}

/** What the creation of a token answers, once. */
export interface NewTokenView extends TokenView {
  readonly token: string;
}

export const CreateTokenInput = z.object({
  name: Name,
  access: z.enum(TOKEN_ACCESS),
  /** Null: it never expires. */
  expiresAt: z.iso.datetime({ offset: true, error: "Give a moment such as 2030-01-31T12:00:00Z." }).nullable(),
});
export type CreateTokenInput = z.infer<typeof CreateTokenInput>;

export const RenameTokenInput = ById.extend({ name: Name });
export type RenameTokenInput = z.infer<typeof RenameTokenInput>;
