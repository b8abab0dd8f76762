/** The frame of the product. */
"use client";

import type { ReactNode } from "react";

export function Shell({ children }: { readonly children: ReactNode }) {
  return <main id="main">{children}</main>;
}
