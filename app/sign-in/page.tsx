/** The door. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { SignInPage } from "@/components/sign-in/sign-in-page";

export const metadata: Metadata = { title: "Sign in · Penstock" };

export default function SignIn() {
  return (
    <Suspense>
      <SignInPage />
    </Suspense>
  );
}
