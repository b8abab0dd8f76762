/** Which Host names this server answers to: the defence against a foreign name that resolves to this machine. */
import { hostname, networkInterfaces } from "node:os";
import type { Settings } from "@/server/platform/env";

/** The name in a Host header without its port, lower case; null when it is not one. */
export function hostName(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? "");
  return match?.[1]?.toLowerCase() ?? null;
}

const inUrl = (address: string): string =>
  address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;

/**
 * The names that are answered: always the loopback ones (any port, for a tunnel), and those of the settings. A server
 * for others also answers to the addresses of this machine, which no foreign page can claim.
 */
export function answeredHosts(settings: Settings): ReadonlySet<string> {
  const names = ["localhost", "127.0.0.1", "[::1]", ...settings.hosts.map(inUrl)];
  for (const allowed of settings.allowedHosts) names.push(hostName(allowed) ?? inUrl(allowed));
  if (!settings.isLoopback) {
    names.push(hostname().toLowerCase());
    for (const cards of Object.values(networkInterfaces())) {
      for (const card of cards ?? []) names.push(inUrl(card.address.replace(/%.*$/, "")));
    }
  }
  return new Set(names);
}
