/** Text of a machine, to read and to copy. */
import { cn } from "./cn";
import { CopyButton } from "./copy-button";

export function CodeBlock({
  text,
  label,
  className,
}: {
  readonly text: string;
  /** What it is, for the copy button and for readers. */
  readonly label: string;
  readonly className?: string;
}) {
  return (
    <div className={cn("relative rounded-md border bg-code", className)}>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="scroll-thin overflow-auto rounded-md"
      >
        <pre className="w-fit min-w-full p-3 pr-10 text-xs leading-5">{text}</pre>
      </section>
      <CopyButton text={text} label={`Copy ${label}`} className="absolute top-1 right-1 bg-code" />
    </div>
  );
}
