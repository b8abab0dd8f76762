/** Above the log: search with count, errors, wrapping, times, the end, and the raw file. */
import {
  ArrowDownToLine,
  ChevronDown,
  ChevronUp,
  CircleX,
  Clock,
  Download,
  FileText,
  Search,
  WrapText,
} from "lucide-react";
import type { ReactNode, Ref } from "react";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";

export interface LogSearchState {
  readonly query: string;
  /** Number of matches among the rows held, and the one the reader stands on (from 0, -1 for none). */
  readonly count: number;
  readonly current: number;
  readonly isCut: boolean;
}

function SearchField({
  search,
  inputRef,
  onQuery,
  onStep,
}: {
  readonly search: LogSearchState;
  readonly inputRef: Ref<HTMLInputElement>;
  readonly onQuery: (query: string) => void;
  readonly onStep: (direction: 1 | -1) => void;
}) {
  const all = `${search.count}${search.isCut ? "+" : ""}`;
  const found = search.count === 0 ? "none" : search.current < 0 ? all : `${search.current + 1}/${all}`;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-0.5">
      <div className="relative flex max-w-64 min-w-24 flex-1 items-center">
        <Search aria-hidden className="pointer-events-none absolute left-2 size-3.5 text-faint" />
        <Input
          ref={inputRef}
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          data-search
          value={search.query}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onStep(event.shiftKey ? 1 : -1);
            if (event.key === "Escape") {
              event.stopPropagation();
              onQuery("");
            }
          }}
          className="h-7 pr-14 pl-7 text-xs"
        />
        <span role="status" className="pointer-events-none absolute right-7 font-mono text-2xs text-faint">
          {search.query.trim() === "" ? "" : found}
        </span>
      </div>
      <IconButton size="sm" label="Match above (Enter)" onClick={() => onStep(-1)}>
        <ChevronUp />
      </IconButton>
      <IconButton size="sm" label="Match below (Shift Enter)" onClick={() => onStep(1)}>
        <ChevronDown />
      </IconButton>
    </div>
  );
}

function Toggle({
  label,
  isOn,
  onClick,
  children,
}: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <IconButton
      size="sm"
      label={label}
      aria-pressed={isOn}
      onClick={onClick}
      className={cn(isOn && "bg-accent-soft text-accent")}
    >
      {children}
    </IconButton>
  );
}

export type TimesMode = "off" | "clock" | "since";
const NEXT_MODE: { readonly [mode in TimesMode]: TimesMode } = { off: "clock", clock: "since", since: "off" };
const MODE_LABEL: { readonly [mode in TimesMode]: string } = {
  off: "Show times",
  clock: "Show times since the start",
  since: "Hide times",
};

export function LogToolbar(props: {
  readonly search: LogSearchState;
  readonly inputRef: Ref<HTMLInputElement>;
  readonly onQuery: (query: string) => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly errors: number;
  readonly onError: () => void;
  readonly isWrapped: boolean;
  readonly onWrap: () => void;
  readonly times: TimesMode;
  readonly onTimes: (mode: TimesMode) => void;
  readonly isFollowing: boolean;
  readonly onEnd: () => void;
  readonly rawUrl: string;
  readonly leading?: ReactNode;
}) {
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
      {props.leading}
      <SearchField search={props.search} inputRef={props.inputRef} onQuery={props.onQuery} onStep={props.onStep} />
      {props.errors > 0 ? (
        <button
          type="button"
          title="Go to the error above"
          onClick={props.onError}
          className="inline-flex h-6 shrink-0 items-center gap-1 rounded-sm bg-failed-soft px-1.5 text-2xs font-medium text-failed"
        >
          <CircleX aria-hidden className="size-3" />
          {props.errors}
          <span className="sr-only"> error lines, go to the one above</span>
        </button>
      ) : null}
      <Toggle
        label={props.isWrapped ? "Do not wrap lines" : "Wrap lines"}
        isOn={props.isWrapped}
        onClick={props.onWrap}
      >
        <WrapText />
      </Toggle>
      <Toggle
        label={MODE_LABEL[props.times]}
        isOn={props.times !== "off"}
        onClick={() => props.onTimes(NEXT_MODE[props.times])}
      >
        <Clock />
      </Toggle>
      <Toggle
        label={props.isFollowing ? "Following the end" : "Go to the end"}
        isOn={props.isFollowing}
        onClick={props.onEnd}
      >
        <ArrowDownToLine />
      </Toggle>
      <IconButton size="sm" label="Open the raw text" onClick={() => window.open(props.rawUrl, "_blank", "noopener")}>
        <FileText />
      </IconButton>
      <a
        href={`${props.rawUrl}?download=1`}
        download
        title="Download"
        aria-label="Download the log"
        className="grid size-7 shrink-0 place-items-center rounded-md text-dim hover:bg-hover hover:text-ink"
      >
        <Download aria-hidden className="size-4" />
      </a>
    </div>
  );
}
