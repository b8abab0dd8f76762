/** ROC curves of several runs over each other, with the area under each. */
"use client";

import { Line } from "recharts";
import { rocModel } from "@/components/charts/roc-model";
import { RocPlane } from "@/components/charts/roc-plane";
import type { RocPoint } from "@/server/domain/display/classification";
import { RunMark, runColor } from "../run-mark";

export interface RunCurve {
  readonly place: number;
  readonly name: string;
  readonly points: readonly RocPoint[];
}

const areaText = (area: number | null): string => area?.toFixed(4) ?? "unknown";

export function RocOverlay({ curves }: { readonly curves: readonly RunCurve[] }) {
  const models = curves.map(({ place, name, points }) => ({ place, name, ...rocModel(points) }));
  const best = Math.max(...models.map(({ area }) => area ?? 0));
  const words = models.map(({ name, area }) => `${name} ${areaText(area)}`).join(", ");
  return (
    <figure className="flex flex-wrap items-start gap-6">
      <RocPlane label={`ROC curves, areas: ${words}`} className="h-80 max-w-lg">
        {models.map(({ place, points }) => (
          <Line
            key={place}
            data={[...points]}
            dataKey="y"
            stroke={runColor(place)}
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </RocPlane>
      <table className="text-sm">
        <caption className="pb-1 text-left text-xs text-dim">Area under the ROC curve</caption>
        <tbody>
          {models.map(({ place, name, area }) => (
            <tr key={place} className="border-t [&>*]:py-1">
              <th scope="row" className="flex items-center gap-2 pr-6 text-left font-normal">
                <RunMark place={place} />
                {name}
              </th>
              <td className="text-right font-mono text-xs">{areaText(area)}</td>
              <td className="pl-3 text-xs text-dim">{area === best && models.length > 1 ? "largest" : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
