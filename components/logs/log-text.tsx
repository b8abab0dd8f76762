/** The text of one row: spans with their colours, links, and what a search found. */
import { type CSSProperties, Fragment, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import type { AnsiColour, AnsiStyle } from "./ansi";
import type { MarkedSpan } from "./log-search";
import styles from "./logs.module.css";

const css = (colour: AnsiColour): string => (typeof colour === "number" ? `var(--ansi-${colour})` : colour);

function look(style: AnsiStyle): { readonly className: string | undefined; readonly style: CSSProperties | undefined } {
  const fg = style.inverse ? (style.bg ?? null) : style.fg;
  const bg = style.inverse ? (style.fg ?? "inverse") : style.bg;
  const className = cn(
    style.bold && "font-semibold",
    style.dim && "opacity-75",
    style.italic && "italic",
    style.underline && "underline",
    style.strike && "line-through",
    typeof fg === "string" && (bg === undefined ? styles.rgb : styles.onGround),
    bg === "inverse" && "bg-ink text-surface",
  );
  const inline: { "--rgb"?: string; color?: string; backgroundColor?: string } = {};
  if (typeof fg === "string") inline["--rgb"] = fg;
  else if (typeof fg === "number") inline.color = css(fg);
  else if (fg === null && bg !== "inverse") inline.color = "var(--surface)";
  if (bg !== undefined && bg !== "inverse") {
    inline.backgroundColor = css(bg);
    if (fg === undefined) inline.color = "var(--surface)";
  }
  return { className: className || undefined, style: Object.keys(inline).length === 0 ? undefined : inline };
}

/** `currentMark` is the index of the match that the reader stands on, -1 for none. */
export function LogText({
  spans,
  currentMark,
}: {
  readonly spans: readonly MarkedSpan[];
  readonly currentMark: number;
}) {
  return spans.map((span, i) => {
    const { className, style } = look(span.style);
    let content: ReactNode = span.text;
    if (span.mark >= 0) {
      content = <mark className={span.mark === currentMark ? styles.currentMark : styles.mark}>{span.text}</mark>;
    }
    if (span.href !== undefined) {
      content = (
        <a href={span.href} target="_blank" rel="noreferrer noopener nofollow" className="underline decoration-dotted">
          {content}
        </a>
      );
    }
    // Rows are drawn anew as a whole; a span has no identity beyond its place.
    const key = i;
    return className === undefined && style === undefined ? (
      <Fragment key={key}>{content}</Fragment>
    ) : (
      <span key={key} className={className} style={style}>
        {content}
      </span>
    );
  });
}
