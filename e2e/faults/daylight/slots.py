"""The slots of crons by the written rule, told by Python's own zone data: nothing of Penstock is used here.

Reads {"zones", "fromMs", "toMs", "crons", "croniter"} from standard input and prints, per zone and cron, the slots in
(from, to] as whole minutes since 1970; with "croniter" also what that library answers.
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1)
MINUTE = timedelta(minutes=1)


def has(values, value):
    return values is None or value in values


def fits(cron, wall):
    of_month = has(cron["daysOfMonth"], wall.day)
    of_week = has(cron["daysOfWeek"], (wall.weekday() + 1) % 7)
    either = cron["daysOfMonth"] is not None and cron["daysOfWeek"] is not None
    day = of_month or of_week if either else of_month and of_week
    return day and has(cron["minutes"], wall.minute) and has(cron["hours"], wall.hour) and has(cron["months"], wall.month)


def minute_of(moment):
    return int(moment.timestamp()) // 60


def first_showing(wall, zone):
    """The first moment that shows a wall time; where none does, the first after the gap that leaves it out."""
    earlier = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if earlier.astimezone(zone).replace(tzinfo=None) == wall:
        return earlier
    # Before a gap the clock is behind what it should show, after it ahead: walk to where that changes.
    moment = min(earlier, wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    while moment.astimezone(zone).replace(tzinfo=None) <= wall:
        moment += MINUTE
    return moment


def by_elapsed(cron, zone, start, end):
    """An open hour: every moment whose wall time fits."""
    moment = start + MINUTE
    while moment <= end:
        if fits(cron, moment.astimezone(zone).replace(tzinfo=None)):
            yield minute_of(moment)
        moment += MINUTE


def by_clock(cron, zone, start, end):
    """Fixed hours: every wall time that fits, at its first showing or at the end of the gap."""
    wall = start.astimezone(zone).replace(tzinfo=None) - timedelta(days=2)
    last = end.astimezone(zone).replace(tzinfo=None) + timedelta(days=2)
    found = set()
    while wall <= last:
        if wall.hour not in cron["hours"]:
            wall = wall.replace(minute=0) + timedelta(hours=1)
            continue
        if fits(cron, wall):
            moment = first_showing(wall, zone)
            if start < moment <= end:
                found.add(minute_of(moment))
        wall += MINUTE
    return sorted(found)


def by_croniter(text, zone, start, end):
    """What the library answers up to the end, or up to where it stands still."""
    from croniter import croniter

    found = []
    walk = croniter(text, start.astimezone(zone))
    while True:
        moment = walk.get_next(datetime)
        if moment > end or found and minute_of(moment) <= found[-1]:
            return {"croniter": found, "croniterUntil": int(end.timestamp()) // 60 if moment > end else found[-1]}
        found.append(minute_of(moment))


def main():
    asked = json.load(sys.stdin)
    start = datetime.fromtimestamp(asked["fromMs"] / 1000, UTC)
    end = datetime.fromtimestamp(asked["toMs"] / 1000, UTC)
    for name in asked["zones"]:
        zone = ZoneInfo(name)
        for cron in asked["crons"]:
            walk = by_elapsed if cron["hours"] is None else by_clock
            told = {"zone": name, "cron": cron["text"], "slots": list(walk(cron, zone, start, end))}
            if asked["croniter"]:
                told.update(by_croniter(cron["text"], zone, start, end))
            print(json.dumps(told))


main()
