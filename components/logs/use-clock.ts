/** The time of day of a line, to the millisecond, in the chosen zone. */
import { useMemo } from "react";
import { useTimeZone } from "@/components/ui/time-zone";

export function useClock(): (ms: number) => string {
  const { zone } = useTimeZone();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
      hourCycle: "h23",
      ...(zone === undefined ? {} : { timeZone: zone }),
    });
    return (ms) => format.format(ms);
  }, [zone]);
}
