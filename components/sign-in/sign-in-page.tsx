/** The door: a link with a one-time code opens it by itself; otherwise the token does. */
"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Mark } from "@/components/layout/mark";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Spinner } from "@/components/ui/spinner";
import { signIn, targetOf } from "./sign-in";

export function SignInPage() {
  const search = useSearchParams();
  const code = search.get("code");
  const to = search.get("to");
  const [isBusy, setIsBusy] = useState(code !== null);
  const [error, setError] = useState<string | null>(null);
  const [token, setToken] = useState("");
  const exchanged = useRef(false);

  const settle = (problem: string | null) => {
    if (problem === null) return location.replace(targetOf(to, location.hash));
    setError(problem);
    setIsBusy(false);
  };
  const finish = useEffectEvent((problem: string | null) => settle(problem));
  useEffect(() => {
    // A code is good once: never send it twice, also when React runs the effect again.
    if (code === null || exchanged.current) return;
    exchanged.current = true;
    void signIn({ code }).then((problem) => finish(problem));
  }, [code]);

  return (
    <div className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-6 px-6 py-10">
      <div className="flex items-center gap-3">
        <Mark className="size-9" />
        <h1 className="text-xl font-semibold">Sign in to Penstock</h1>
      </div>
      {isBusy ? (
        <p role="status" className="flex items-center gap-2 text-sm text-dim">
          <Spinner />
          Signing in…
        </p>
      ) : (
        <>
          {error ? <ErrorState title="That did not work" message={error} /> : null}
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (token.trim() === "") return setError("Enter the token first.");
              setIsBusy(true);
              void signIn({ token: token.trim() }).then(settle);
            }}
          >
            <Field
              id="token"
              label="Token"
              hint="It stands in server.json in the data directory, and stays the same when the server restarts."
            >
              {(control) => (
                <Input
                  {...control}
                  type="password"
                  autoComplete="current-password"
                  className="h-9 font-mono"
                  value={token}
                  onChange={(event) => setToken(event.target.value)}
                />
              )}
            </Field>
            <Button type="submit" look="primary">
              Sign in
            </Button>
          </form>
          <div className="text-sm text-dim">
            <p className="mb-2">Or ask for a fresh link, good once within 10 minutes, where the server runs:</p>
            <CodeBlock label="the command" text="npx penstock up" />
          </div>
        </>
      )}
    </div>
  );
}
