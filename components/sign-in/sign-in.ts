/** Opens a session with a one-time code or the token. */

type Credential = { readonly code: string } | { readonly token: string };

/** Null when signed in, else what went wrong in words. */
export async function signIn(credential: Credential): Promise<string | null> {
  const response = await fetch("/api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(credential),
  }).catch(() => null);
  if (response === null) return "The server does not answer. Check that Penstock is running and try again.";
  if (response.ok) return null;
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  return body?.error?.message ?? `The server answered ${response.status}. Try again.`;
}

/**
 * Where to go after signing in: a path of this server, never another address. What stood after `#` goes along; the
 * browser keeps it through the door, and Kubeflow's addresses are nothing else.
 */
export function targetOf(to: string | null, hash: string): string {
  const path = safePath(to);
  return path.includes("#") ? path : path + hash;
}

function safePath(to: string | null): string {
  if (to === null || !to.startsWith("/") || /^\/[/\\]/.test(to)) return "/";
  return to.startsWith("/sign-in") ? "/" : to;
}
