/** A new installation: three pipelines that run at once, and the ways to bring one's own. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play, Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useOrigin } from "@/components/copy-as/use-origin";
import { Section } from "@/components/layout/page";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { SnippetTabs } from "@/components/ui/snippet-tabs";

const snippetsFor = (origin: string) => [
  {
    label: "Python",
    text: [
      "import os",
      "import kfp",
      "",
      "client = kfp.Client(",
      `    host=${JSON.stringify(origin)},`,
      '    existing_token=os.environ["PENSTOCK_TOKEN"],',
      ")",
      'client.create_run_from_pipeline_package("pipeline.yaml", arguments={})',
    ].join("\n"),
  },
  { label: "Command", text: "npx penstock submit churn.pipeline --wait" },
];

export function FirstSteps() {
  const origin = useOrigin();
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
      <Examples />
      <Section title="Bring your own">
        <p className="mb-3 text-sm text-dim">
          A .pipeline drawn in Elyra with its notebooks and scripts, a compiled Kubeflow pipeline, or a single notebook.
        </p>
        <ButtonLink look="primary" href="/pipelines/new" className="mb-4">
          <Upload />
          Upload a pipeline
        </ButtonLink>
        <SnippetTabs snippets={snippetsFor(origin)} />
      </Section>
    </div>
  );
}

function Examples() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const queryClient = useQueryClient();
  const examples = useQuery(trpc.examples.list.queryOptions());
  const start = useMutation({
    mutationFn: async (id: string) => {
      const { version } = await client.examples.install.mutate({ id });
      return client.runs.create.mutate({ versionId: version.id, parameters: {} });
    },
    onSuccess: (run) => router.push(`/runs/${run.id}`),
    onSettled: () => void queryClient.invalidateQueries(trpc.pathFilter()),
  });
  const isStarting = start.isPending || start.isSuccess;
  return (
    <Section title="Try an example">
      <p className="mb-3 text-sm text-dim">
        They need nothing but sh and python3, run without a network, and are done in under a minute.
      </p>
      {examples.isPending ? <SkeletonRows rows={3} label="Loading examples" /> : null}
      {examples.isError ? (
        <ErrorState
          title="The examples could not be listed"
          message={callProblem(examples.error).message}
          onRetry={() => void examples.refetch()}
        />
      ) : null}
      {start.error ? <ErrorState title="The example did not start" message={callProblem(start.error).message} /> : null}
      <ul className="divide-y divide-line border-y">
        {examples.data?.map((example) => (
          <li key={example.id} className="flex items-center gap-4 py-2.5">
            <div className="min-w-0 flex-1">
              <h3 className="text-sm font-medium">{example.title}</h3>
              <p className="text-xs text-dim">{example.description}</p>
            </div>
            <Button
              size="sm"
              busy={isStarting && start.variables === example.id}
              reason={isStarting && start.variables !== example.id ? "Another example is being started" : undefined}
              onClick={() => start.mutate(example.id)}
              aria-label={`Run ${example.title}`}
            >
              <Play />
              Run
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
