/** A registry of images for tests, as small as an engine takes it: one image of busybox, given to one user alone. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { busyboxFiles } from "./container-engine";

const digestOf = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export interface TestRegistry {
  /** The image, with its registry. */
  readonly image: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly close: () => void;
}

/** Starts the registry on this machine's loopback, from which engines pull without a certificate. */
export async function startTestRegistry(): Promise<TestRegistry> {
  const chunks: Buffer[] = [];
  for await (const chunk of busyboxFiles()) chunks.push(chunk as Buffer);
  const tar = Buffer.concat(chunks);
  const layer = gzipSync(tar, { level: 1 });
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const config = Buffer.from(
    JSON.stringify({ architecture, os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [digestOf(tar)] } }),
  );
  const media = "application/vnd.docker";
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${media}.distribution.manifest.v2+json`,
      config: { mediaType: `${media}.container.image.v1+json`, size: config.length, digest: digestOf(config) },
      layers: [{ mediaType: `${media}.image.rootfs.diff.tar.gzip`, size: layer.length, digest: digestOf(layer) }],
    }),
  );
  const blobs = new Map([config, layer].map((bytes) => [digestOf(bytes), bytes]));
  const credentials = { username: "ann", password: "of-the-registry" };
  const wanted = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== wanted) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="tests"', "Content-Type": "application/json" });
      return response.end('{"errors":[{"code":"UNAUTHORIZED","message":"who are you?"}]}');
    }
    const path = request.url ?? "";
    const bytes = path.includes("/manifests/") ? manifest : blobs.get(path.split("/blobs/")[1] ?? "");
    if (path !== "/v2/" && bytes === undefined) return response.writeHead(404).end();
    const type = bytes === manifest ? `${media}.distribution.manifest.v2+json` : "application/octet-stream";
    const body = bytes ?? Buffer.from("{}");
    response.writeHead(200, {
      "Content-Type": type,
      "Content-Length": body.length,
      "Docker-Content-Digest": digestOf(body),
    });
    return response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { image: `127.0.0.1:${port}/team/shell:1`, credentials, close };
}
