/** What the URI of an importer stands for, and which hosts may be fetched from. */

export type ImportSource =
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "web"; readonly url: URL }
  /** An object store or registry that nothing here can read. */
  | { readonly from: "store"; readonly scheme: string }
  | { readonly from: "nowhere"; readonly why: string };

const nowhere = (why: string): ImportSource => ({ from: "nowhere", why });

/** Reads a URI as an importer is given it. */
export function importSource(uri: string): ImportSource {
  if (uri === "") return nowhere("it is empty");
  if (/\p{Cc}/u.test(uri)) return nowhere("it holds control characters");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return uri.startsWith("/") ? { from: "file", path: uri } : nowhere("it is a relative path; give an absolute one");
  }
  if (scheme !== "http" && scheme !== "https" && scheme !== "file") return { from: "store", scheme };
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (url === null) return nowhere("it is no valid address");
  return scheme === "file" ? localFile(url) : webPage(url);
}

function localFile(url: URL): ImportSource {
  if (url.hostname !== "" && url.hostname !== "localhost")
    return nowhere(`it names a file of another machine, ${url.hostname}`);
  try {
    const path = decodeURIComponent(url.pathname);
    return /\p{Cc}/u.test(path) ? nowhere("it holds control characters") : { from: "file", path };
  } catch {
    return nowhere("its path is not encoded properly");
  }
}

function webPage(url: URL): ImportSource {
  if (url.username === "" && url.password === "") return { from: "web", url };
  return nowhere("it carries a user name or password, which would be shown with the artifact");
}

/** Whether the setting *import hosts* lists an address. A host without a port stands for the usual port of its scheme. */
export function isImportHost(url: URL, hosts: readonly string[]): boolean {
  const usual = url.protocol === "https:" ? "443" : "80";
  const port = url.port === "" ? usual : url.port;
  const host = url.hostname.toLowerCase();
  return hosts.some((entry) => {
    const [name = "", listed = usual] = entry.toLowerCase().split(":");
    return name === host && listed === port;
  });
}
