/** Tells binary content from text by its first bytes, so that a picture named `.yaml` is called a picture. */

/** First bytes of what people upload by mistake; `�` stands for a byte that is no UTF-8. */
const SIGNATURES: readonly { readonly starts: string; readonly what: string }[] = [
  { starts: "\u0089PNG", what: "a PNG image" },
  { starts: "\ufffdPNG", what: "a PNG image" },
  { starts: "\u00ff\u00d8\u00ff", what: "a JPEG image" },
  { starts: "\ufffd\ufffd\ufffd", what: "a JPEG image" },
  { starts: "GIF8", what: "a GIF image" },
  { starts: "%PDF-", what: "a PDF document" },
  { starts: "PK\u0003\u0004", what: "a zip archive" },
  { starts: "PK\u0005\u0006", what: "an empty zip archive" },
  { starts: "\u001f\u008b", what: "a gzip archive" },
  { starts: "\u001f\ufffd", what: "a gzip archive" },
  { starts: "PAR1", what: "a Parquet file" },
  { starts: "\u007fELF", what: "a program" },
];

/** Names the binary content of a decoded text, or null when it reads as text. */
export function binaryContent(text: string): string | null {
  const known = SIGNATURES.find((signature) => text.startsWith(signature.starts));
  if (known !== undefined) return known.what;
  const head = text.slice(0, 4096);
  return head.includes("\u0000") ? "binary data" : null;
}
