/** A list of records: search, filter, order, columns and views in the address, live; rows are selected where something can be done with them. */
"use client";

import { ListFilter } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { type ReactNode, useMemo, useState } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Paging } from "@/components/data-table/paging";
import { SearchField } from "@/components/data-table/search-field";
import { readLayout, resized, type TableLayout, writeLayout } from "@/components/data-table/table-layout";
import { useKeys } from "@/components/keys/use-keys";
import { callProblem } from "@/components/trpc/problem";
import type { usePages } from "@/components/trpc/use-pages";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { FieldSet } from "@/server/domain/lists/fields";
import { allFilters, type Filter } from "@/server/domain/lists/filter";
import type { ListName } from "@/server/domain/lists/list-names";
import { fileAddresses } from "./file-addresses";
import { parseAsFilter } from "./filter-address";
import { FilterChips } from "./filter-chips";
import { listParsers } from "./list-address";
import { ListTools } from "./list-tools";
import type { RecordQuestion, RecordScope } from "./record-question";

const loadFilterDialog = () => import("./filter-dialog");

export interface RecordListProps<T> {
  readonly list: ListName;
  readonly path: string;
  /** Plural noun. */
  readonly what: string;
  readonly fields: FieldSet;
  /** The field that the search looks in. */
  readonly searched: string;
  readonly columns: readonly Column<T>[];
  /** Ids of the columns shown by themselves. */
  readonly usual: readonly string[];
  /** What the list is sorted by itself, downwards; by the moment of creation where nothing is said. */
  readonly usualSort?: string;
  /** Chips and such beside the search, over the filter. */
  readonly quick?: (filter: Filter | null, onChange: (filter: Filter | null) => void) => ReactNode;
  /** What the list is part of, where it is not the whole. */
  readonly scope?: RecordScope;
  /** Reads the pages; a hook. */
  readonly useRows: (question: RecordQuestion, scope: RecordScope) => ReturnType<typeof usePages<T>>;
  /** How many records a filter leaves, in words; a hook. */
  readonly useCount?: (filter: Filter | null, scope: RecordScope) => string | null;
  /** The bar over selected rows; without it nothing is selected. */
  readonly bar?: (chosen: readonly T[], onClear: () => void) => ReactNode;
  /** The way to a new record, where the page itself offers none. */
  readonly create?: ReactNode;
  readonly rowId: (row: T) => string;
  readonly rowName: (row: T) => string;
  readonly rowHref: (row: T) => string;
  readonly empty: ReactNode;
}

/** Values are not suggested here: there is no record of how often they occur. */
const useNoSuggestions = () => [];
const useNoCount = () => null;
const WHOLE: RecordScope = {};
const NONE: ReadonlySet<string> = new Set();

export function RecordList<T extends object>(props: RecordListProps<T>) {
  const { fields, columns, usual, useRows, bar, scope = WHOLE, useCount = useNoCount, usualSort = "created" } = props;
  const parsers = useMemo(
    () => ({
      q: parseAsString.withDefault("").withOptions({ history: "replace" as const }),
      sort: parseAsString.withDefault(usualSort),
      filter: parseAsFilter(fields),
      ...listParsers,
    }),
    [fields, usualSort],
  );
  const [{ q, sort, dir, filter, view, ...given }, setAddress] = useQueryStates(parsers, { history: "push" });
  const [isOpen, setIsOpen] = useState(false);
  const [selected, setSelected] = useState(NONE);
  const { part, demand } = useOnDemand(loadFilterDialog);
  const open = () => {
    demand();
    setIsOpen(true);
  };
  useKeys({ f: open });
  const layout = readLayout(given);
  const setLayout = (next: TableLayout) => void setAddress(writeLayout(next), { history: "replace" });
  const setFilter = (next: Filter | null) => void setAddress({ filter: next });
  const sorts = new Set(columns.flatMap((column) => column.sort ?? []));
  const searched: Filter[] = q === "" ? [] : [{ field: props.searched, is: "contains", value: q }];
  const whole = allFilters([...searched, ...(filter ? [filter] : [])]);
  const by = sorts.has(sort) ? sort : usualSort;
  const question = { ...(whole ? { filter: whole } : {}), sort: by, direction: dir };
  const query = useRows(question, scope);
  const ids = layout.columns ?? usual;
  // A column without a header is something to press, which a file cannot hold.
  const isTold = (id: string) => columns.find((column) => column.id === id)?.headerHidden !== "always";
  const filed = (layout.columns ?? ["id", ...usual]).filter(isTold);
  const shown = ids.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const offered = Object.keys(fields.fields).filter((name) => fields.fields[name]?.kind !== "search");
  const clear = () => void setAddress({ q: "", filter: null });

  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField label={`Search ${props.what}`} value={q} onChange={(next) => void setAddress({ q: next })} />
        {props.quick?.(filter, setFilter)}
        <Button onClick={open} aria-haspopup="dialog">
          <ListFilter />
          Filter
        </Button>
        {whole ? (
          <Button look="ghost" onClick={clear}>
            Clear filters
          </Button>
        ) : null}
        <ListTools
          list={props.list}
          path={props.path}
          hasViews={scope === WHOLE}
          view={view}
          choices={columns.map(({ id, header }) => ({ id, label: header }))}
          usual={usual}
          layout={layout}
          onLayout={setLayout}
          exports={fileAddresses(props.list, question, scope, filed)}
        />
        {props.create && rows.length > 0 ? props.create : null}
      </div>
      {filter ? <FilterChips filter={filter} onChange={setFilter} onOpen={open} /> : null}
      {isOpen && part ? (
        <part.FilterDialog
          fields={fields}
          fieldNames={offered}
          useSuggestions={useNoSuggestions}
          // biome-ignore lint/correctness/useHookAtTopLevel: the dialog calls this as a hook, once in each rendering
          useCount={(built) => useCount(built, scope)}
          filter={filter}
          onApply={setFilter}
          onClose={() => setIsOpen(false)}
        />
      ) : null}
      {query.isPending ? (
        <SkeletonRows rows={8} label={`Loading ${props.what}`} />
      ) : query.isError && !query.data ? (
        <ErrorState
          title={`The ${props.what} could not be loaded`}
          message={callProblem(query.error).message}
          onRetry={() => void query.refetch()}
        />
      ) : rows.length === 0 ? (
        whole ? (
          <EmptyState
            icon={<ListFilter />}
            title={`No ${props.what} match`}
            actions={<Button onClick={clear}>Clear filters</Button>}
          >
            Take one of the filters back to see more.
          </EmptyState>
        ) : (
          props.empty
        )
      ) : (
        <div>
          <DataTable<T>
            label={`${props.what[0]?.toUpperCase()}${props.what.slice(1)}`}
            columns={shown}
            rows={rows}
            rowId={props.rowId}
            rowName={props.rowName}
            rowHref={props.rowHref}
            sorting={{ by, direction: dir }}
            onSort={(next) => void setAddress({ sort: next.by, dir: next.direction })}
            layout={layout}
            onResize={(column, px) => setLayout(resized(layout, column, px))}
            {...(bar && { selection: { selected, onChange: setSelected } })}
          />
          <Paging
            shown={rows.length}
            total={query.data?.pages[0]?.total ?? rows.length}
            what={props.what}
            hasNext={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onNext={() => void query.fetchNextPage()}
          />
          {bar?.(
            rows.filter((row) => selected.has(props.rowId(row))),
            () => setSelected(NONE),
          )}
        </div>
      )}
    </div>
  );
}
