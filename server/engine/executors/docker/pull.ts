/** Fetches an image and tells the log how far it is, a line for each thing that happens and none for each byte. */
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Waiter } from "../../waiter";
import type { ContainerOrder } from "../executor";
import type { EngineClient } from "./client";
import { pullFailed } from "./words";

const Line = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
  progressDetail: z.object({ total: z.number().optional() }).optional(),
});

/** What is worth a line; progress within a layer comes many times a second. */
const TOLD = /^(?:Pulling from|Pull complete|Already exists|Digest:|Status:|Download complete|Pulling fs layer)/;

/** Name and tag or digest of an image as `docker pull` reads them. */
export function imageParts(image: string): { readonly name: string; readonly tag: string } {
  const digest = image.indexOf("@");
  if (digest >= 0) return { name: image.slice(0, digest), tag: image.slice(digest + 1) };
  const colon = image.lastIndexOf(":");
  if (colon > image.lastIndexOf("/")) return { name: image.slice(0, colon), tag: image.slice(colon + 1) };
  return { name: image, tag: "latest" };
}

/** The registry that an image comes from, as credentials name it. */
function registryOf(name: string): string {
  const [first = ""] = name.split("/");
  const isHost = name.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : "https://index.docker.io/v1/";
}

/** The credentials as a header; null without any. */
function authOf({ image, credentials }: Pick<ContainerOrder, "image" | "credentials">): string | null {
  if (credentials === null) return null;
  const given = { ...credentials, serveraddress: registryOf(imageParts(image).name) };
  return Buffer.from(JSON.stringify(given)).toString("base64url");
}

/** Fetches the image. Throws `StartRefusal` where there is none, `EngineGone` where nobody fetches. */
export async function pullImage(
  client: EngineClient,
  order: Pick<ContainerOrder, "image" | "credentials">,
  { say, signal }: Waiter,
): Promise<void> {
  const { name, tag } = imageParts(order.image);
  say(`Pulling the image ${order.image}\n`);
  const answer = await client.pull(name, tag, authOf(order), signal).catch((error: unknown) => {
    throw error instanceof Error && error.name === "EngineError" ? pullFailed(order.image, error.message) : error;
  });
  for await (const text of createInterface({ input: answer })) {
    const line = parsed(text);
    if (line?.error !== undefined) throw pullFailed(order.image, line.error);
    if (line?.status === undefined || !TOLD.test(line.status)) continue;
    say(`${line.id === undefined ? "" : `${line.id}: `}${line.status}\n`);
  }
}

function parsed(text: string): z.infer<typeof Line> | null {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
