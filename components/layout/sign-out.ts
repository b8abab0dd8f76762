/** Ends the session of this browser. */

export async function signOut(): Promise<void> {
  await fetch("/api/session", { method: "DELETE" }).catch(() => undefined);
  location.assign("/sign-in");
}
