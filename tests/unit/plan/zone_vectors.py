#!/usr/bin/python3
"""Local times and their instants by Python's zoneinfo, one a line:

    zone year month day hour minute second first second-pass|-

For every zone and every change of its offset from 1970 to 2037: one minute
before, at, amid and one minute behind the gap or overlap. A time in a gap
takes the offset before it; "none" stands where the whole date is missing."""
import os
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

UTC = timezone.utc
FIRST = int(datetime(1970, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2037, 12, 31, tzinfo=UTC).timestamp())
STEP = 7 * 86400


def offset(zone, instant):
    moment = datetime.fromtimestamp(instant, UTC).astimezone(zone)
    return int(moment.utcoffset().total_seconds())


def changes(zone):
    """Instants at which the offset differs from the second before."""
    low, before = FIRST, offset(zone, FIRST)
    while low < LAST:
        high = low + STEP
        after = offset(zone, high)
        if after != before:
            a, b = low, high
            while b - a > 1:
                middle = (a + b) // 2
                if offset(zone, middle) == before:
                    a = middle
                else:
                    b = middle
            after = offset(zone, b)
            yield b, before, after
            high = b
        low, before = high, after


def date_exists(zone, wall):
    midnight = wall.replace(hour=0, minute=0, second=0)
    for quarter in range(96):
        moment = midnight + timedelta(minutes=15 * quarter)
        aware = moment.replace(tzinfo=zone)
        back = datetime.fromtimestamp(aware.timestamp(), UTC).astimezone(zone)
        if back.replace(tzinfo=None) == moment:
            return True
    return False


def distinct_zones():
    """One name of each set of aliases."""
    seen = set()
    for name in sorted(zoneinfo.available_timezones()):
        path = os.path.join("/usr/share/zoneinfo", name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                data = file.read()
            if data not in seen:
                seen.add(data)
                yield name


def main():
    for name in distinct_zones():
        zone = zoneinfo.ZoneInfo(name)
        for instant, before, after in changes(zone):
            low = min(before, after)
            span = abs(after - before)
            start = datetime(1970, 1, 1) + timedelta(seconds=instant + low)
            for add in (-60, 0, span // 2, span - 60, span, span + 60):
                wall = start + timedelta(seconds=add)
                first = int(wall.replace(tzinfo=zone, fold=0).timestamp())
                if span >= 86400 and not date_exists(zone, wall):
                    first = "none"
                second = int(wall.replace(tzinfo=zone, fold=1).timestamp())
                # fold=1 of a gap is another question than ours
                if first != "none" and second < first:
                    second = first
                print(
                    name,
                    wall.strftime("%Y %m %d %H %M %S"),
                    first,
                    second,
                )


if __name__ == "__main__":
    sys.exit(main())
