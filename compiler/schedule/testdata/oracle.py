# Answers the questions of TestOracle, given as JSON, one word a line. The time zones
# are read from the directory that is named as the argument.
import json
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

zoneinfo.reset_tzpath(to=[sys.argv[1]])


def day_of(schedule, date):
    for special in schedule["Specials"] or []:
        wanted = special["Date"]
        if (wanted["Month"], wanted["Day"]) == (date.month, date.day) and wanted["Year"] in (0, date.year):
            return special["Spans"] or [], special["Name"]
    return schedule["Week"][date.weekday()] or [], ""


def answer(layers, local):
    named = ""
    for place, schedule in enumerate(layers):
        today, name = day_of(schedule, local.date())
        yesterday, _ = day_of(schedule, local.date() - timedelta(days=1))
        minute = local.hour * 60 + local.minute
        if any(s["From"] <= minute < s["To"] for s in today) or any(s["From"] <= minute + 1440 < s["To"] for s in yesterday):
            return "open%d" % place
        named = named or name
    return named or "closed"


for question in json.load(sys.stdin):
    zone = zoneinfo.ZoneInfo(question["Zone"])
    for at in question["At"]:
        print(answer(question["Layers"], datetime.fromtimestamp(at, timezone.utc).astimezone(zone)))
