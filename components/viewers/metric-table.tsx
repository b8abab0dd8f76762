/** The numbers of a metrics artifact by name; what is no number is shown as it stands. */
import type { JsonValue } from "@/pipelines/graph";
import { JsonText } from "./json-text";

export function MetricTable({ metadata }: { readonly metadata: { readonly [key: string]: JsonValue } }) {
  return (
    <table className="text-sm">
      <tbody>
        {Object.entries(metadata)
          .filter(([name]) => name !== "display_name")
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([name, value]) => (
            <tr key={name} className="border-b border-line/60 last:border-0">
              <th scope="row" className="py-1 pr-6 text-left align-top font-normal text-dim [overflow-wrap:anywhere]">
                {name}
              </th>
              <td className={`py-1 align-top ${typeof value === "number" ? "text-right font-mono text-xs" : ""}`}>
                {typeof value === "number" ? Number(value.toPrecision(12)) : <JsonText value={value} />}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
