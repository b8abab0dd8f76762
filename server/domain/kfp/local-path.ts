/** Where the SDK's runtime looks for the content of an artifact; both sides have to agree on it. */

const SCHEMES: readonly (readonly [string, string])[] = [
  ["gs://", "/gcs/"],
  ["s3://", "/s3/"],
  ["minio://", "/minio/"],
];

/** The local path of an artifact's URI: a plain path is itself, a remote scheme a folder named after it. */
export function localPath(uri: string): string {
  if (uri.startsWith("oci://")) return `/oci/${uri.slice("oci://".length).replaceAll("/", "_")}`;
  const scheme = SCHEMES.find(([prefix]) => uri.startsWith(prefix));
  return scheme === undefined ? uri : scheme[1] + uri.slice(scheme[0].length);
}
