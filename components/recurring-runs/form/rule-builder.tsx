/** The rule of a schedule as fields to choose from and as text: two views of one value. */
"use client";

import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type Built, type BuiltKind, beginWith, readRule, UNITS, type Unit, writeRule } from "./rule";

const KINDS: { readonly [kind in Exclude<BuiltKind, "other">]: string } = {
  every: "Every so often",
  hourly: "Each hour",
  daily: "Each day",
  weekly: "On days of the week",
  monthly: "On a day of the month",
  once: "Once",
};
/** The week as calendars here show it. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];
const DAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const isKind = (text: string): text is keyof typeof KINDS => Object.hasOwn(KINDS, text);

interface RuleProps {
  readonly rule: string;
  readonly error: string | undefined;
  readonly onChange: (rule: string) => void;
  readonly onBlur: () => void;
}

export function RuleBuilder({ rule, error, onChange, onBlur }: RuleProps) {
  const built = readRule(rule);
  const set = (next: Built) => onChange(writeRule(next) ?? rule);
  const kinds = Object.entries(KINDS).map(([value, label]) => ({ value, label }));
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-x-3 gap-y-4">
        <Field id="rule-kind" label="Due" className="w-52 max-sm:w-full">
          {(control) => (
            <Select
              {...control}
              value={built.kind}
              options={built.kind === "other" ? [...kinds, { value: "other", label: "As the text says" }] : kinds}
              onValueChange={(kind) => isKind(kind) && set(beginWith(kind, built))}
            />
          )}
        </Field>
        <BuiltFields built={built} onChange={set} />
      </div>
      {built.kind === "once" ? null : (
        <Field
          id="rule-text"
          label="The same as cron text"
          error={error}
          hint={
            <>
              Minute, hour, day of month, month, weekday; six fields begin with the second. Also <code>@daily</code> and{" "}
              <code>@every 90s</code>.
            </>
          }
        >
          {(control) => (
            <Input
              {...control}
              value={rule}
              className="font-mono text-xs"
              onChange={(event) => onChange(event.target.value)}
              onBlur={onBlur}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function BuiltFields({ built, onChange }: { readonly built: Built; readonly onChange: (built: Built) => void }) {
  switch (built.kind) {
    case "every":
      return <EveryFields built={built} onChange={onChange} />;
    case "hourly":
      return (
        <Count
          id="rule-minute"
          label="At minute"
          value={built.minute}
          max={59}
          min={0}
          onChange={(minute) => onChange({ ...built, minute })}
        />
      );
    case "daily":
      return <TimeOfDay built={built} onChange={onChange} />;
    case "weekly":
      return (
        <>
          <TimeOfDay built={built} onChange={onChange} />
          <Weekdays days={built.days} onChange={(days) => onChange({ ...built, days })} />
        </>
      );
    case "monthly":
      return (
        <>
          <Field id="rule-day" label="Day" className="w-32">
            {(control) => (
              <Select
                {...control}
                value={String(built.day)}
                options={[
                  ...Array.from({ length: 31 }, (_, at) => ({ value: String(at + 1), label: String(at + 1) })),
                  { value: "last", label: "the last one" },
                ]}
                onValueChange={(day) => onChange({ ...built, day: day === "last" ? "last" : Number(day) })}
              />
            )}
          </Field>
          <TimeOfDay built={built} onChange={onChange} />
        </>
      );
    case "once":
    case "other":
      return null;
  }
}

function Count({
  id,
  label,
  value,
  min,
  max,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}) {
  return (
    <Field id={id} label={label} className="w-24">
      {(control) => (
        <Input
          {...control}
          type="number"
          min={min}
          max={max}
          value={value}
          onChange={(event) => {
            const next = Number(event.target.value);
            if (Number.isInteger(next) && next >= min && next <= max) onChange(next);
          }}
        />
      )}
    </Field>
  );
}

function EveryFields({
  built,
  onChange,
}: {
  readonly built: Extract<Built, { readonly kind: "every" }>;
  readonly onChange: (built: Built) => void;
}) {
  return (
    <>
      <Count
        id="rule-count"
        label="Every"
        value={built.count}
        min={1}
        max={100_000}
        onChange={(count) => onChange({ ...built, count })}
      />
      <Field id="rule-unit" label="Unit" className="w-32">
        {(control) => (
          <Select
            {...control}
            value={built.unit}
            options={Object.keys(UNITS).map((unit) => ({ value: unit, label: unit }))}
            onValueChange={(unit) => onChange({ ...built, unit: unit as Unit })}
          />
        )}
      </Field>
    </>
  );
}

function TimeOfDay<B extends Extract<Built, { readonly time: string }>>({
  built,
  onChange,
}: {
  readonly built: B;
  readonly onChange: (built: B) => void;
}) {
  return (
    <Field id="rule-time" label="At" className="w-32">
      {(control) => (
        <Input
          {...control}
          type="time"
          value={built.time}
          onChange={(event) => event.target.value !== "" && onChange({ ...built, time: event.target.value })}
        />
      )}
    </Field>
  );
}

function Weekdays({
  days,
  onChange,
}: {
  readonly days: readonly number[];
  readonly onChange: (days: readonly number[]) => void;
}) {
  const toggle = (day: number) => {
    const next = days.includes(day) ? days.filter((each) => each !== day) : [...days, day];
    // A week without a day would never come.
    if (next.length > 0) onChange(next.sort((a, b) => a - b));
  };
  return (
    <fieldset className="flex gap-1">
      <legend className="mb-1 text-sm font-medium">Days</legend>
      {WEEK.map((day) => {
        const isChosen = days.includes(day);
        return (
          <button
            key={day}
            type="button"
            aria-pressed={isChosen}
            aria-label={DAY_NAMES[day]}
            onClick={() => toggle(day)}
            className={cn(
              "h-8 w-9 rounded-md border text-xs font-medium",
              isChosen ? "border-accent bg-accent-soft text-accent" : "border-line-control text-dim hover:bg-hover",
            )}
          >
            {DAY_NAMES[day]?.slice(0, 2)}
          </button>
        );
      })}
    </fieldset>
  );
}
