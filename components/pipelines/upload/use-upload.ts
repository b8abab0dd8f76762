/** One upload at a time: how far it is, what came of it, and the way to stop it. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import type { UploadView } from "@/server/domain/views/pipelines";
import type { PickedFile } from "./collect-files";
import { sendFiles } from "./send-files";

interface UploadTarget {
  /** Completes this version; otherwise a new version or pipeline is made. */
  readonly versionId?: string;
  readonly pipelineId?: string;
  readonly name?: string;
  readonly description?: string;
}

function urlOf(target: UploadTarget): string {
  if (target.versionId) return `/api/versions/${encodeURIComponent(target.versionId)}/files`;
  const query = new URLSearchParams();
  for (const key of ["pipelineId", "name", "description"] as const) {
    const value = target[key]?.trim();
    if (value) query.set(key, value);
  }
  return query.size === 0 ? "/api/uploads" : `/api/uploads?${query}`;
}

export function useUpload(onDone?: (view: UploadView) => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [share, setShare] = useState(0);
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  const mutation = useMutation({
    mutationFn: ({ target, files }: { readonly target: UploadTarget; readonly files: readonly PickedFile[] }) => {
      const controller = new AbortController();
      current.current = controller;
      setShare(0);
      return sendFiles(urlOf(target), files, setShare, controller.signal);
    },
    onSuccess: (view) => {
      void queryClient.invalidateQueries(trpc.pipelines.pathFilter());
      onDone?.(view);
    },
  });
  return { ...mutation, share, stop: () => current.current?.abort() };
}
