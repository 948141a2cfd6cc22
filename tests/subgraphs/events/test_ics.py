"""Events in one's own calendar: the file is read back by the library that calendars use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from icalendar import Calendar

from db.config import DomainStore
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, code, config_in, data

FILE = "{ attendingFile }"
HALL = {"name": "Hall", "address": "Street 1", "city": "Berlin", "latitude": 52.5, "longitude": 13.4}


async def test_what_one_comes_to_is_a_calendar_that_tells_what_is_off(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    config = config_in(tmp_path)
    ada, grace = Person(config), Person(config)
    async with build_domain("events", config, stores["events"]) as events:
        venue = (await act(events, "createVenue", ada.headers, "venue { id }", **HALL))["venue"]["id"]
        at = {"startsAt": "2099-06-01T20:00:00+02:00", "endsAt": "2099-06-01T21:00:00Z"}
        ids = []
        for title in ("Jazz; late, loud", "Film", "Only maybe"):
            given = {"title": title, "description": "One\nBEGIN:VEVENT", "venueId": venue} | at
            ids.append(
                (await act(events, "createEvent", ada.headers, "event { id }", **given))["event"]["id"]
            )
        for event, status in zip(ids, ("GOING", "GOING", "INTERESTED"), strict=True):
            await act(events, "attendEvent", grace.headers, eventId=event, status=status)
        await act(events, "cancelEvent", ada.headers, eventId=ids[1], reason="It rains.")
        kept = Calendar.from_ical((await data(events, FILE, grace.headers))["attendingFile"])
        jazz, film = sorted(kept.walk("VEVENT"), key=lambda each: str(each["summary"]), reverse=True)
        assert (str(jazz["summary"]), str(film["status"])) == ("Jazz; late, loud", "CANCELLED")
        assert jazz.decoded("dtstart") == datetime(2099, 6, 1, 18, tzinfo=UTC)
        assert str(jazz["uid"]) == f"{ids[0]}@events.plait"
        assert str(jazz["description"]) == "One\nBEGIN:VEVENT"
        assert str(film["description"]).startswith("It rains.")
        assert (str(jazz["location"]), jazz["geo"].latitude) == ("Hall, Street 1, Berlin", 52.5)
        one = (await data(events, "query($id: ID!) { event(id: $id) { calendarFile } }", id=ids[0]))["event"]
        assert [str(each["uid"]) for each in Calendar.from_ical(one["calendarFile"]).walk("VEVENT")] == [
            f"{ids[0]}@events.plait"
        ]
        assert (
            list(Calendar.from_ical((await data(events, FILE, ada.headers))["attendingFile"]).walk("VEVENT"))
            == []
        )
        assert await code(events, FILE) == "UNAUTHENTICATED"
