/** Says who asks, request by request: certificates, tokens, files with tokens, and programs that hand out both. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type ClusterAccess, type ExecPlugin, NoCluster } from "./kubeconfig";

export interface Credentials {
  /** Value of the Authorization header; null where a certificate speaks. */
  readonly authorization: string | null;
  readonly certificate: ClusterAccess["certificate"];
}

const PLUGIN_MS = 60_000;
/** A token is not used in its last moments. */
const EARLY_MS = 30_000;

const ExecCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

function askPlugin({
  apiVersion,
  command,
  args,
  env,
  installHint,
}: ExecPlugin): Promise<z.infer<typeof ExecCredential>> {
  const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  return new Promise((resolve, reject) => {
    const given = { ...process.env, ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    execFile(command, [...args], { env: given, timeout: PLUGIN_MS, maxBuffer: 2 ** 20 }, (error, out) => {
      const refuse = (why: string) =>
        reject(new NoCluster(`${command}, which the kubeconfig asks for credentials, ${why}`));
      if (error !== null) {
        const hint = installHint === null ? "" : `. ${installHint.trim()}`;
        return refuse(`failed: ${error.message.slice(0, 300)}${hint}`);
      }
      try {
        resolve(ExecCredential.parse(JSON.parse(out)));
      } catch {
        refuse("answered with something else than an ExecCredential");
      }
    });
  });
}

/** Makes what tells the credentials of a cluster; `now` is the clock that tokens expire by. */
export function credentialsOf(access: ClusterAccess, now: () => number = Date.now) {
  let kept: { readonly credentials: Credentials; readonly untilMs: number } | null = null;

  const fromPlugin = async (plugin: ExecPlugin): Promise<Credentials> => {
    if (kept !== null && now() < kept.untilMs) return kept.credentials;
    const { status } = await askPlugin(plugin);
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
    const credentials = {
      authorization: token === undefined ? null : `Bearer ${token}`,
      certificate: cert !== undefined && key !== undefined ? { cert, key } : access.certificate,
    };
    const untilMs =
      expirationTimestamp === undefined ? Number.POSITIVE_INFINITY : Date.parse(expirationTimestamp) - EARLY_MS;
    kept = { credentials, untilMs };
    return credentials;
  };

  return {
    async current(): Promise<Credentials> {
      const { certificate, token, tokenFile, password, plugin } = access;
      if (plugin !== null) return fromPlugin(plugin);
      if (tokenFile !== null) {
        return { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}`, certificate };
      }
      if (token !== null) return { authorization: `Bearer ${token}`, certificate };
      if (password !== null) {
        const pair = Buffer.from(`${password.username}:${password.password}`).toString("base64");
        return { authorization: `Basic ${pair}`, certificate };
      }
      return { authorization: null, certificate };
    },
    /** After a refusal: what was kept is asked for again. */
    forget(): void {
      kept = null;
    },
  };
}
