/** The two tables at the end of the reference: how errors are told, and what states are called. */
import type { ReactNode } from "react";
import { Section } from "@/components/layout/page";
import type { ErrorRow, StateRow } from "@/server/domain/reference";

function Table({ heads, children }: { readonly heads: readonly string[]; readonly children: ReactNode }) {
  return (
    <div className="scroll-thin max-w-3xl overflow-x-auto">
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-xs text-dim">
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pr-4 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&_td]:py-1 [&_td]:pr-4 [&_th]:py-1 [&_th]:pr-4 [&_tr]:border-t [&_tr]:border-line/60">
          {children}
        </tbody>
      </table>
    </div>
  );
}

export function ErrorTable({ errors }: { readonly errors: readonly ErrorRow[] }) {
  return (
    <Section title="Errors">
      <p className="mb-2 max-w-3xl text-sm text-dim">
        Under <code>/apis</code> a body is <code>{'{"code", "message", "details"}'}</code> with the code of gRPC, for
        uploads <code>{'{"error_message", "error_details"}'}</code>; elsewhere it is{" "}
        <code>{'{"error": {"code", "message", "problems"}}'}</code>. A body that is refused stores nothing.
      </p>
      <Table heads={["Code", "Status", "Status under /apis", "gRPC code"]}>
        {errors.map(({ code, http, kubeflowHttp, kubeflowCode }) => (
          <tr key={code}>
            <th scope="row" className="text-left font-mono text-xs font-normal">
              {code}
            </th>
            <td>{http}</td>
            <td>{kubeflowHttp}</td>
            <td>{kubeflowCode}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

export function StateTable({ states }: { readonly states: readonly StateRow[] }) {
  return (
    <Section title="States">
      <p className="mb-2 max-w-3xl text-sm text-dim">
        A canceled run is told as FAILED with the error “terminated by …”, because released clients wait for ever on
        CANCELED.
      </p>
      <Table heads={["Of", "State here", "In Kubeflow's API"]}>
        {states.map(({ of, state, word }) => (
          <tr key={`${of} ${state}`}>
            <td className="text-dim">{of}</td>
            <th scope="row" className="text-left font-normal">
              {state}
            </th>
            <td className="font-mono text-xs">{word}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
