/** What a run of this version may be given. */
import { SlidersHorizontal } from "lucide-react";
import { describeValue } from "@/components/run-inputs/parameter-text";
import { EmptyState } from "@/components/ui/empty-state";
import type { ParameterSpec } from "@/pipelines/graph";

const HEAD = "h-8 border-b px-2 text-left text-xs font-medium text-faint";
const CELL = "border-b px-2 py-2 align-top";

export function ParametersTab({ parameters }: { readonly parameters: readonly ParameterSpec[] }) {
  if (parameters.length === 0) {
    return (
      <EmptyState icon={<SlidersHorizontal />} title="This version takes no parameters">
        Every run of it does the same.
      </EmptyState>
    );
  }
  return (
    <table aria-label="Parameters" className="w-full border-separate border-spacing-0 text-sm">
      <thead>
        <tr>
          <th scope="col" className={HEAD}>
            Name
          </th>
          <th scope="col" className={HEAD}>
            Type
          </th>
          <th scope="col" className={HEAD}>
            Default
          </th>
          <th scope="col" className={`${HEAD} w-1/2 max-md:hidden`}>
            Description
          </th>
        </tr>
      </thead>
      <tbody>
        {parameters.map((parameter) => (
          <tr key={parameter.name}>
            <th scope="row" className={`${CELL} text-left font-mono text-xs leading-5 font-normal break-all`}>
              {parameter.name}
            </th>
            <td className={`${CELL} text-dim`}>{parameter.type}</td>
            <td className={`${CELL} font-mono text-xs leading-5 break-all`}>
              {parameter.default !== undefined ? (
                describeValue(parameter.default)
              ) : (
                <span className="font-sans text-dim">{parameter.required ? "required" : "none"}</span>
              )}
            </td>
            <td className={`${CELL} text-dim max-md:hidden`}>
              {parameter.description}
              {parameter.literals ? (
                <p className="text-xs">
                  One of <span className="font-mono">{parameter.literals.map(describeValue).join(", ")}</span>
                </p>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
