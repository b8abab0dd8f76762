/** The control of one setting, by what kind of value it takes: a switch, a size, a count, or a list of names. */
"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, type FieldControl } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import type { JsonValue } from "@/pipelines/graph";
import type { PlainSettingName } from "@/server/domain/settings";
import { bytesText, readBytes } from "./byte-text";

type Value = boolean | number | readonly string[];

const HINTS: { readonly [name in PlainSettingName]: string } = {
  "import-hosts":
    "One a line, with a port where it is not the usual one: data.example.org, mirror.local:8080. While the list is empty, importer steps fetch nothing.",
  "max-artifact-bytes": "A step that leaves a larger file or folder fails and says so.",
  "max-parameter-bytes": "A value that is larger belongs into an artifact.",
  "max-result-bytes": "The file in which a step lists what it made.",
  "max-environment-bytes": "Environments that a step uses stay, whatever their size.",
  "min-interval-seconds":
    "One that asks for more is refused when it is saved; those that are there already go on. From 1 to 86400.",
  "run-identical-steps-once": "Only where results may be reused. Off: both run.",
};

/** Settings whose number is no size. */
const COUNTS: ReadonlySet<PlainSettingName> = new Set(["min-interval-seconds"]);

function asText(name: PlainSettingName, value: Value): string {
  if (typeof value === "object") return value.join("\n");
  return typeof value === "number" && !COUNTS.has(name) ? bytesText(value) : String(value);
}

/** The number that a text stands for, or what to write instead. */
function readNumber(name: PlainSettingName, text: string): number | string {
  if (COUNTS.has(name)) return /^\d{1,9}$/.test(text.trim()) ? Number(text) : "Write a whole number.";
  const bytes = readBytes(text);
  return bytes === null || bytes < 1 ? "Write a size, such as 20 GiB or 500 MB." : bytes;
}

const lines = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);

interface SettingFieldProps {
  readonly name: PlainSettingName;
  readonly title: string;
  readonly value: Value;
  readonly preset: Value;
  readonly error: string | undefined;
  readonly busy: boolean;
  readonly onSave: (value: JsonValue) => void;
}

export function SettingField(props: SettingFieldProps) {
  const { name, title, value, error } = props;
  if (typeof value === "boolean") {
    return (
      <div className="flex items-start gap-3">
        <Switch
          id={name}
          checked={value}
          aria-describedby={`${name}-hint`}
          onCheckedChange={(on) => props.onSave(on)}
        />
        <div>
          <label htmlFor={name} className="text-sm font-medium">
            {title}
          </label>
          <p id={`${name}-hint`} className="text-xs text-dim">
            {HINTS[name]}
          </p>
          {error ? <p className="text-xs text-failed">{error}</p> : null}
        </div>
      </div>
    );
  }
  return <TextSetting {...props} value={value} />;
}

function TextSetting({
  name,
  title,
  value,
  preset,
  error,
  busy,
  onSave,
}: SettingFieldProps & { readonly value: number | readonly string[] }) {
  const [text, setText] = useState(() => asText(name, value));
  const isNumber = typeof value === "number";
  const read = isNumber ? readNumber(name, text) : lines(text);
  const problem = typeof read === "string" ? read : undefined;
  const isChanged = text !== asText(name, value);
  const save = () => {
    if (typeof read !== "string" && isChanged) onSave(read);
  };
  const control = (attributes: FieldControl): ReactNode =>
    isNumber ? (
      <Input
        {...attributes}
        value={text}
        className="w-40 font-mono text-xs"
        onChange={(event) => setText(event.target.value)}
      />
    ) : (
      <Textarea
        {...attributes}
        value={text}
        className="font-mono text-xs"
        placeholder="No hosts"
        onChange={(event) => setText(event.target.value)}
      />
    );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        id={name}
        label={title}
        hint={HINTS[name]}
        error={isChanged ? (problem ?? error) : error}
        aside={Array.isArray(preset) ? undefined : `default ${asText(name, preset)}`}
      >
        {(attributes) => (
          <div className={isNumber ? "flex items-center gap-2" : "flex flex-col items-start gap-2"}>
            {control(attributes)}
            {isChanged ? (
              <span className="flex gap-2">
                <Button type="submit" look="primary" busy={busy} reason={problem}>
                  Save
                </Button>
                <Button look="ghost" onClick={() => setText(asText(name, value))}>
                  Keep as it was
                </Button>
              </span>
            ) : null}
          </div>
        )}
      </Field>
    </form>
  );
}
