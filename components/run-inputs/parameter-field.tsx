/** The control of one parameter: what its type calls for, with its type, default and description beside it. */
"use client";

import { Badge } from "@/components/ui/badge";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { ParameterSpec } from "@/pipelines/graph";
import { describeValue } from "./parameter-text";

interface ParameterFieldProps {
  readonly id: string;
  readonly spec: ParameterSpec;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
}

export function ParameterField({ id, spec, value, error, onChange, onBlur }: ParameterFieldProps) {
  return (
    <Field
      id={id}
      label={<span className="font-mono text-xs">{spec.name}</span>}
      required={spec.required && spec.default === undefined}
      error={error}
      hint={spec.description}
      aside={
        <span className="flex items-center gap-2">
          {spec.default === undefined ? null : (
            <span className="truncate" title={describeValue(spec.default)}>
              default <span className="font-mono">{describeValue(spec.default)}</span>
            </span>
          )}
          <Badge>{spec.type}</Badge>
        </span>
      }
    >
      {(control) => {
        if (spec.literals) {
          return (
            <Select
              {...control}
              value={value}
              placeholder={spec.default === undefined ? "Choose a value" : "Use the default"}
              options={spec.literals.map((literal) => ({
                value: JSON.stringify(literal),
                label: describeValue(literal),
              }))}
              onValueChange={onChange}
              onBlur={onBlur}
            />
          );
        }
        switch (spec.type) {
          case "boolean":
            return (
              <span className="flex h-8 items-center gap-2 text-sm">
                <Switch
                  {...control}
                  checked={value === "true"}
                  onCheckedChange={(on) => onChange(String(on))}
                  onBlur={onBlur}
                />
                <span className="text-dim">
                  {value === "true" ? "on (true)" : value === "false" ? "off (false)" : "not set"}
                </span>
              </span>
            );
          case "list":
          case "struct":
            return (
              <Textarea
                {...control}
                value={value}
                className="font-mono text-xs"
                placeholder={spec.type === "list" ? "[ ]" : "{ }"}
                onChange={(event) => onChange(event.target.value)}
                onBlur={onBlur}
              />
            );
          case "integer":
          case "number":
            return (
              <Input
                {...control}
                value={value}
                inputMode={spec.type === "integer" ? "numeric" : "decimal"}
                className="font-mono text-xs"
                onChange={(event) => onChange(event.target.value)}
                onBlur={onBlur}
              />
            );
          case "string":
            return value.includes("\n") ? (
              <Textarea {...control} value={value} onChange={(event) => onChange(event.target.value)} onBlur={onBlur} />
            ) : (
              <Input {...control} value={value} onChange={(event) => onChange(event.target.value)} onBlur={onBlur} />
            );
        }
      }}
    </Field>
  );
}
