/** Says how the installation is. */
import type { StatusView } from "@/server/domain/views";
import type { Context } from "../context";

export async function getStatus(_context: Context): Promise<StatusView> {
  throw new Error("not filled yet");
}
