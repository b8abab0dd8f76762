/** The tools at the right of a list: saved views, columns, export, and a link to exactly this. A phone has room for views and the link, as pictures. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { Bookmark, Columns3, Download, Link2 } from "lucide-react";
import { useSearchParams } from "next/navigation";
import type { TableLayout } from "@/components/data-table/table-layout";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { Button, buttonClass } from "@/components/ui/button";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { ListName } from "@/server/domain/lists/list-names";
import type { ColumnChoice } from "./columns-panel";
import type { FileAddresses } from "./file-addresses";
import { viewQuery } from "./list-address";
import { PanelButton } from "./panel-button";

const loadWindows = () => import("./panel-window");
const loadCopying = () => import("./copy-link");
const SMALL = "max-md:h-8 max-md:min-w-8";

export interface ListToolsProps {
  readonly list: ListName;
  /** Path of the page; a view opens there. */
  readonly path: string;
  /** Names a saved view; false inside another page. */
  readonly hasViews: boolean;
  /** The id in the address. */
  readonly view: string | null;
  readonly choices: readonly ColumnChoice[];
  readonly usual: readonly string[];
  readonly layout: TableLayout;
  readonly onLayout: (layout: TableLayout) => void;
  readonly exports: FileAddresses;
}

export function ListTools(props: ListToolsProps) {
  const { part, demand } = useOnDemand(loadWindows);
  return (
    <div className="ml-auto flex flex-wrap items-center gap-1.5">
      {props.hasViews ? <ViewsButton {...props} part={part} onDemand={() => demand()} /> : null}
      <PanelButton label="Columns" icon={<Columns3 />} className="max-md:hidden" onDemand={() => demand()}>
        {(close) =>
          part ? (
            <part.ColumnsWindow
              choices={props.choices}
              usual={props.usual}
              layout={props.layout}
              onChange={props.onLayout}
              onClose={close}
            />
          ) : null
        }
      </PanelButton>
      <a className={buttonClass("secondary", "sm", "max-md:hidden")} href={props.exports.csv} download>
        <Download />
        CSV
      </a>
      <a className={buttonClass("secondary", "sm", "max-md:hidden")} href={props.exports.json} download>
        <Download />
        JSON
      </a>
      <CopyLink />
    </div>
  );
}

function ViewsButton({
  list,
  path,
  view,
  part,
  onDemand,
}: ListToolsProps & { readonly part: Awaited<ReturnType<typeof loadWindows>> | null; readonly onDemand: () => void }) {
  const trpc = useTRPC();
  const { data: views = [] } = useQuery(trpc.views.list.queryOptions({ list }));
  const query = viewQuery(useSearchParams().toString());
  const current = views.find(({ id }) => id === view) ?? null;
  const isChanged = current !== null && current.query !== query;
  return (
    <PanelButton
      label={current?.name ?? "Views"}
      icon={<Bookmark />}
      className={SMALL}
      isMarked={isChanged}
      onDemand={onDemand}
    >
      {(close) =>
        part ? (
          <part.ViewsWindow
            list={list}
            views={views}
            current={current}
            isChanged={isChanged}
            query={query}
            onOpen={(opened) => {
              // The page asks its server for nothing but rows, so the address alone moves; no view leaves the list as it is.
              const asked = new URLSearchParams(opened === null ? query : opened.query);
              if (opened !== null) asked.set("view", opened.id);
              window.history.pushState(null, "", asked.size === 0 ? path : `${path}?${asked}`);
              close();
            }}
            onClose={close}
          />
        ) : null
      }
    </PanelButton>
  );
}

function CopyLink() {
  const client = useTRPCClient();
  const { demand } = useOnDemand(loadCopying);
  return (
    <Button size="sm" className={SMALL} onClick={() => demand((copying) => void copying.copyLink(client))}>
      <Link2 />
      <span className="max-md:sr-only">Copy link</span>
    </Button>
  );
}
