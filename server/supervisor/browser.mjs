/** Finds a browser for the browser tests: the system's, else Playwright's own download, else the system's package. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, runQuietly } from "./progress.mjs";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC_APPS = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome"];

const works = (file) => spawnSync(file, ["--version"], { timeout: 30_000 }).status === 0;

function systemBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [
    ...COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...MAC_APPS.map((app) => join("/Applications", app)),
  ];
  return candidates.find((file) => existsSync(file) && works(file)) ?? null;
}

async function downloaded() {
  const { chromium } = await import("playwright");
  const file = chromium.executablePath();
  return existsSync(file) && works(file) ? file : null;
}

/** How this system installs a browser, if this account may. */
function systemPackage() {
  const has = (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
  const asRoot =
    process.getuid?.() === 0 ? "" : has("sudo") && spawnSync("sudo", ["-n", "true"]).status === 0 ? "sudo -n " : null;
  if (has("brew")) return "brew install --cask chromium";
  if (asRoot === null) return null;
  if (has("apt-get"))
    return `${asRoot}apt-get update && ${asRoot}env DEBIAN_FRONTEND=noninteractive apt-get install -y chromium`;
  return has("apk") ? `${asRoot}apk add chromium` : null;
}

/** Path of a browser that starts, or null with the reason why there is none. */
export async function ensureBrowser() {
  const present = systemBrowser() ?? (await downloaded());
  if (present !== null) return { file: present, reason: null };
  const playwright = [process.execPath, join(root, "node_modules", "playwright", "cli.js"), "install", "chromium"];
  await runQuietly("Downloading a browser for the tests", playwright).catch(() => {});
  const loaded = await downloaded();
  if (loaded !== null) return { file: loaded, reason: null };
  const command = systemPackage();
  if (command === null) return { file: null, reason: "no browser: none is installed, and none could be downloaded" };
  const error = await runQuietly("Installing the system's browser for the tests", ["sh", "-c", command]).then(
    () => null,
    (failure) => failure,
  );
  const file = systemBrowser();
  return {
    file,
    reason: file === null ? `no browser: ${command} did not bring one${error ? " (it failed)" : ""}` : null,
  };
}
