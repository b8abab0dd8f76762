/** A Parquet file as a table: its first rows at once, by the parts of the file that hold them; more on demand. */
"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { gunzipSync } from "fflate";
import { decompress } from "fzstd";
import {
  asyncBufferFromUrl,
  cachedAsyncBuffer,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { DataRows } from "../data-rows";

/** Beside Snappy, which the reader has itself; in plain script, because pages may not run machine code. */
const COMPRESSORS = {
  GZIP: (input: Uint8Array) => gunzipSync(input),
  ZSTD: (input: Uint8Array, size: number) => decompress(input, new Uint8Array(size)),
};

/** Rows of one reading. */
const ROWS = 500;
const MOST_COLUMNS = 100;

/** A value as text: Parquet knows big numbers, moments, bytes and nested ones. */
export function parquetText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}

interface Part {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly total: number;
  readonly columns: number;
}

async function readPart(url: string, from: number): Promise<Part> {
  const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url }));
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  const names = parquetSchema(metadata).children.map((child) => child.element.name);
  const header = names.slice(0, MOST_COLUMNS);
  const objects = await parquetReadObjects({
    file,
    metadata,
    columns: header,
    rowStart: from,
    rowEnd: Math.min(total, from + ROWS),
    compressors: COMPRESSORS,
  });
  return {
    header,
    rows: objects.map((row) => header.map((name) => parquetText(row[name]))),
    total,
    columns: names.length,
  };
}

export function ParquetTable({ name, url }: { readonly name: string; readonly url: string }) {
  const query = useInfiniteQuery({
    queryKey: ["parquet", url],
    queryFn: ({ pageParam }) => readPart(url, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const read = all.reduce((sum, part) => sum + part.rows.length, 0);
      return read < last.total && last.rows.length > 0 ? read : undefined;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (query.isError && query.data === undefined) {
    return <p className="text-sm text-failed">It is no Parquet file that can be read: {query.error.message}</p>;
  }
  const first = query.data?.pages[0];
  if (first === undefined) return <Skeleton className="h-112 w-full" />;
  const rows = query.data?.pages.flatMap((part) => part.rows) ?? [];
  const { header, total, columns } = first;
  const notes = [
    rows.length < total ? `${total.toLocaleString("en")} rows in all.` : "",
    columns > header.length ? `${columns.toLocaleString("en")} columns in all.` : "",
  ];
  return (
    <>
      <DataRows label={`Table ${name}`} header={header} rows={rows} note={notes.filter(Boolean).join(" ") || null} />
      {query.hasNextPage ? (
        <Button size="sm" className="mt-1" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Read {Math.min(ROWS, total - rows.length)} more rows
        </Button>
      ) : null}
    </>
  );
}
