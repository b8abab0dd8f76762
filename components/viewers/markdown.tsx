/** Markdown without markup of its own: raw HTML is dropped, addresses are limited by the sanitiser. */
import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import { cn } from "@/components/ui/cn";

export function Markdown({ text, className }: { readonly text: string; readonly className?: string }) {
  return (
    <div
      className={cn(
        "max-w-prose text-sm leading-6 [overflow-wrap:anywhere] [&_a]:text-accent [&_a]:underline [&_code]:font-mono [&_code]:text-xs",
        "[&_h1]:mt-3 [&_h1]:text-lg [&_h1]:font-semibold [&_h2]:mt-3 [&_h2]:text-base [&_h2]:font-semibold [&_h3]:mt-2 [&_h3]:font-semibold",
        "[&_img]:max-w-full [&_li]:my-0.5 [&_ol]:list-decimal [&_ol]:pl-5 [&_p]:my-2 [&_pre]:overflow-x-auto [&_pre]:rounded-md [&_pre]:bg-code [&_pre]:p-2 [&_ul]:list-disc [&_ul]:pl-5",
        className,
      )}
    >
      <ReactMarkdown rehypePlugins={[rehypeSanitize]}>{text}</ReactMarkdown>
    </div>
  );
}
