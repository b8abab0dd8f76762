/** Sends an address of Kubeflow's interface to ours. */
"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { pathOfHash } from "./hash-links";

export function HashRedirect() {
  const router = useRouter();
  useEffect(() => {
    const follow = () => {
      const path = pathOfHash(location.hash);
      if (path !== null) router.replace(path);
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [router]);
  return null;
}
