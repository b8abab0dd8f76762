import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it } from "vitest";
import { parquetText } from "./parquet-table";

it("shows what Parquet knows as text: big numbers, moments, nothing, lists", async () => {
  const file = parquetWriteBuffer({
    columnData: [
      { name: "id", data: [1n, 2n], type: "INT64" },
      { name: "at", data: [new Date("2026-01-02T03:04:05Z"), null], type: "TIMESTAMP" },
      { name: "name", data: ["fig", "quince"], type: "STRING" },
    ],
  });
  const rows = await parquetReadObjects({ file });
  expect(rows.map((row) => ["id", "at", "name"].map((name) => parquetText(row[name])))).toEqual([
    ["1", "2026-01-02T03:04:05.000Z", "fig"],
    ["2", "", "quince"],
  ]);
  expect(parquetText([1n, { a: 2n }])).toBe('["1",{"a":"2"}]');
  expect(parquetText(new Uint8Array(3))).toBe("3 bytes");
});
