/** Column kinds that every table shares: integer milliseconds read as `Date`, and JSON text. */
import { customType, integer } from "drizzle-orm/sqlite-core";

/** A moment, stored as integer milliseconds since 1970 UTC. */
export const moment = (name: string) => integer(name, { mode: "timestamp_ms" });
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const jsonText = customType<{ data: unknown; driverData: string }>({
  dataType: () => "text",
  toDriver: (value) => JSON.stringify(value),
  fromDriver: parsed,
});

/** JSON text of a known type, parsed at the edge that wrote it; damaged text reads as null, so that one row stops no list. */
export const json = <T>(name: string) => jsonText(name).$type<T>();
/** 0 or 1. */
export const flag = (name: string) => integer(name, { mode: "boolean" });

/** A number or text that compares by its own kind, numbers before texts: a column without affinity. */
export const scalar = customType<{ data: string | number; driverData: string | number }>({ dataType: () => "blob" });
