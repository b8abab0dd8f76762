/** Settings of the framework; the http server around it is `server/web`. */
import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Clients of the API drop their credentials where they are sent on to another address.
  skipTrailingSlashRedirect: true,
  // Types are a gate of their own (`npm run check`); a build need not repeat it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ["better-sqlite3", "better-sqlite3-napi", "pino"],
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
  agentRules: false,
};

export default config;
