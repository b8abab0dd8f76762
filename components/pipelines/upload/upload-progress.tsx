/** How far an upload is; past its last byte the server reads the pipeline. */
"use client";

import { Button } from "@/components/ui/button";

export function UploadProgress({ share, onStop }: { readonly share: number; readonly onStop: () => void }) {
  const percent = Math.round(share * 100);
  const isSent = share >= 1;
  return (
    <div className="flex items-center gap-3">
      <div
        role="progressbar"
        aria-label="Upload"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 flex-1 overflow-hidden rounded-full bg-hover"
      >
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-120"
          style={{ width: `${percent}%` }}
        />
      </div>
      <span className="w-36 text-xs text-dim">{isSent ? "Reading the pipeline…" : `${percent} % sent`}</span>
      <Button size="sm" look="ghost" onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}
