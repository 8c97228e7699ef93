# Writes clock.txt, the rows of the table of requests that are about the time: for six
# time zones, instants at which an answer is easily wrong, and the answer that Python's
# zoneinfo and the hours below give, without any table. The tables are the lists that
# the compiler writes for these hours; they are read from clock.txt and kept.
#
# python3 clock.py clock.txt
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

WEEK = {d: ["08:00-12:00", "13:00-17:30"] for d in range(5)} | {5: ["22:00-25:30"], 6: ["02:15-03:15"]}
DATES = {"2026-12-24": ["08:00-12:00"], "2026-12-31": ["22:00-26:00"], "2028-02-29": ["10:00-11:00"]}
NAMES = {"12-25": "christmas", "01-01": "new_year"}


def spans(day):
    if day.strftime("%m-%d") in NAMES:
        return []
    return DATES.get(day.isoformat(), WEEK[day.weekday()])


def minutes(clock):
    return int(clock[:2]) * 60 + int(clock[3:])


def answer(local):
    day, minute = local.date(), local.hour * 60 + local.minute
    for day, minute in ((day, minute), (day - timedelta(days=1), minute + 1440)):
        if any(minutes(s[:5]) <= minute < minutes(s[6:]) for s in spans(day)):
            return "open"
    return NAMES.get(local.strftime("%m-%d"), "closed")


LOCAL = [  # local times, by what they are about
    ("an edge of the morning", "2026-06-15 07:59", "2026-06-15 08:00", "2026-06-15 11:59", "2026-06-15 12:00"),
    ("an edge of the afternoon", "2026-06-15 12:59", "2026-06-15 13:00", "2026-06-15 17:29", "2026-06-15 17:30"),
    ("an edge of a night", "2026-06-20 21:59", "2026-06-20 22:00", "2026-06-20 23:59", "2026-06-21 00:00", "2026-06-21 01:29", "2026-06-21 01:30"),
    ("an edge of a short span", "2026-06-21 02:14", "2026-06-21 02:15", "2026-06-21 03:14", "2026-06-21 03:15"),
    ("a day with hours of its own", "2026-12-24 11:59", "2026-12-24 12:00", "2026-12-24 13:00"),
    ("a holiday", "2026-12-25 00:00", "2026-12-25 08:00", "2026-12-25 23:59", "2026-12-26 00:00"),
    ("New Year's night", "2026-12-31 21:59", "2026-12-31 22:00", "2027-01-01 00:00", "2027-01-01 01:59", "2027-01-01 02:00", "2027-01-02 00:00"),
    ("leap day", "2028-02-28 17:29", "2028-02-29 09:59", "2028-02-29 10:00", "2028-02-29 11:00", "2028-03-01 08:00"),
    ("the last covered day", "2035-12-31 08:00", "2035-12-31 23:59"),
    ("the day after", "2036-01-01 00:00", "2036-01-02 08:00"),
]


def changes(zone):
    """The first change of offset in each direction in 2027."""
    found, at = {}, datetime(2027, 1, 1, tzinfo=timezone.utc)
    while at.year == 2027:
        following = at + timedelta(minutes=1)
        step = following.astimezone(zone).utcoffset() - at.astimezone(zone).utcoffset()
        if step:
            found.setdefault(step > timedelta(0), following)
        at = following
    return found


def rows(zone):
    for about, *texts in LOCAL:
        for text in texts:
            yield datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(timezone.utc), about
    for forward, at in sorted(changes(zone).items()):
        for passed in (-90, -61, -60, -46, -45, -31, -30, -16, -15, -1, 0, 14, 15, 29, 30, 44, 45, 59, 60, 74, 75, 104, 105):
            yield at + timedelta(minutes=passed), "a change " + ("forward" if forward else "back")


lists = {}
for line in open(sys.argv[1]):
    if line.startswith("zone "):
        _, name, table = line.split()
        lists[name] = table
with open(sys.argv[1], "w") as out:
    print("# Written by clock.py; the tables are the compiler's.", file=out)
    for name, table in lists.items():
        zone = ZoneInfo(name)
        print("\nzone", name, table, file=out)
        for at, about in rows(zone):
            local = at.astimezone(zone)
            print(at.strftime("%Y-%m-%dT%H:%MZ"), answer(local), "#", local.strftime("%a %Y-%m-%d %H:%M %z,"), about, file=out)
