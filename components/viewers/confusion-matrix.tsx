/** A confusion matrix as a table whose cells are darker the more they hold; counts, or shares of each true label. */
"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { ConfusionMatrix as Matrix } from "@/server/domain/display/classification";

/** Colour enough to see, little enough to read what stands on it. */
const DARKEST = 38;

const percent = (share: number): string => `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;

export function ConfusionMatrix({ matrix: { labels, counts } }: { readonly matrix: Matrix }) {
  const [isShare, setShare] = useState(false);
  const sums = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const most = Math.max(1, ...counts.flat());
  const total = sums.reduce((sum, count) => sum + count, 0);
  const right = labels.reduce((sum, _, at) => sum + (counts[at]?.[at] ?? 0), 0);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex flex-wrap items-center gap-x-2 text-xs text-dim">
        Confusion matrix of {labels.length} labels
        {total > 0 ? <span className="font-mono">· {percent(right / total)} right</span> : null}
        <Button size="sm" look="ghost" aria-pressed={isShare} onClick={() => setShare(!isShare)}>
          {isShare ? "Show counts" : "Show shares"}
        </Button>
      </figcaption>
      <section
        aria-label="Counts by true and predicted label"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin max-h-112 overflow-auto"
      >
        <table className="border-separate border-spacing-0.5 text-xs">
          <thead>
            <tr>
              <th scope="col" className="px-2 py-1 text-left font-medium whitespace-nowrap text-faint">
                true ↓ predicted →
              </th>
              {labels.map((label, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: labels may repeat; their place is their identity
                <th key={at} scope="col" className="max-w-32 truncate px-2 py-1 font-medium text-dim" title={label}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map((row, from) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <tr key={from}>
                <th
                  scope="row"
                  className="max-w-40 truncate px-2 py-1 text-left font-medium text-dim"
                  title={labels[from]}
                >
                  {labels[from]}
                </th>
                {row.map((count, to) => {
                  const share = sums[from] ? count / (sums[from] ?? 1) : 0;
                  const weight = Math.round((isShare ? share : count / most) * DARKEST);
                  return (
                    <td
                      // biome-ignore lint/suspicious/noArrayIndexKey: as above
                      key={to}
                      title={`true ${labels[from]}, predicted ${labels[to]}: ${count} (${percent(share)})`}
                      className="min-w-12 rounded-xs px-2 py-1.5 text-right font-mono"
                      style={{ background: `color-mix(in srgb, var(--accent) ${weight}%, var(--surface-sunken))` }}
                    >
                      {isShare ? percent(share) : count.toLocaleString("en")}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </figure>
  );
}
