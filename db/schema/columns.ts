/** Column kinds that every table shares: integer milliseconds read as `Date`, and JSON text. */
import { integer, text } from "drizzle-orm/sqlite-core";

/** A moment, stored as integer milliseconds since 1970 UTC. */
export const moment = (name: string) => integer(name, { mode: "timestamp_ms" });
/** JSON text of a known type; parsed at the edge that wrote it. */
export const json = <T>(name: string) => text(name, { mode: "json" }).$type<T>();
/** 0 or 1. */
export const flag = (name: string) => integer(name, { mode: "boolean" });
