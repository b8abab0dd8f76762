/** An address that leads nowhere: says so and offers the ways on. */
import { Compass } from "lucide-react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <Page>
      <Crumbs items={[{ label: "Not found" }]} />
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={<Compass />}
        title="There is nothing at this address"
        actions={
          <>
            <ButtonLink look="primary" href="/">
              Home
            </ButtonLink>
            <ButtonLink href="/runs">Runs</ButtonLink>
            <ButtonLink href="/pipelines">Pipelines</ButtonLink>
          </>
        }
      >
        It may have been deleted, or the link was cut. Search finds runs and pipelines by name or id.
      </EmptyState>
    </Page>
  );
}
