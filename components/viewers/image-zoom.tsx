/** A picture that fits its box, and can be brought closer by buttons and keys. */
"use client";

import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/button";

const FIT = 1;
const CLOSEST = 8;
const STEP = 1.5;

export function ImageZoom({ name, url }: { readonly name: string; readonly url: string }) {
  const [zoom, setZoom] = useState(FIT);
  const [isBroken, setBroken] = useState(false);
  if (isBroken)
    return <p className="text-sm text-faint">It is no picture that can be shown. Download it to look inside.</p>;
  return (
    <div>
      <div className="mb-1 flex items-center gap-1">
        <IconButton
          size="sm"
          label="Closer"
          reason={zoom >= CLOSEST ? "It cannot come closer" : undefined}
          onClick={() => setZoom(Math.min(CLOSEST, zoom * STEP))}
        >
          <ZoomIn />
        </IconButton>
        <IconButton
          size="sm"
          label="Farther"
          reason={zoom <= FIT ? "It is as far as it goes" : undefined}
          onClick={() => setZoom(Math.max(FIT, zoom / STEP))}
        >
          <ZoomOut />
        </IconButton>
        <IconButton
          size="sm"
          label="Fit"
          reason={zoom === FIT ? "It fits already" : undefined}
          onClick={() => setZoom(FIT)}
        >
          <Maximize />
        </IconButton>
        <span role="status" className="font-mono text-xs text-dim">
          {zoom === FIT ? "fits" : `${Math.round(zoom * 100)} %`}
        </span>
      </div>
      <section
        aria-label={`Picture ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-112 overflow-auto rounded-sm"
      >
        {/* biome-ignore lint/performance/noImgElement: the server gives it as it is */}
        <img
          src={url}
          alt={name}
          onError={() => setBroken(true)}
          style={zoom === FIT ? undefined : { width: `${zoom * 100}%`, maxWidth: "none" }}
          className="max-h-112 max-w-full rounded-sm bg-white data-[closer]:max-h-none"
          data-closer={zoom === FIT ? undefined : ""}
        />
      </section>
    </div>
  );
}
