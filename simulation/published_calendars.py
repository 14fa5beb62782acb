"""The school calendar and the public holidays, in the form their portals publish them: true dates, nothing drawn."""

import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pyarrow as pa

from simulation.calendars import ONE_DAY, school_calendar

PARIS = ZoneInfo("Europe/Paris")
SCHOOL = "fr-en-calendrier-scolaire"
ACADEMIES = {
    "Zone A": ("Besançon", "Bordeaux", "Clermont-Ferrand", "Dijon", "Grenoble", "Limoges", "Lyon", "Poitiers"),
    "Zone B": (
        *("Aix-Marseille", "Amiens", "Lille", "Nancy-Metz", "Nantes", "Nice", "Normandie"),
        *("Orléans-Tours", "Reims", "Rennes", "Strasbourg"),
    ),
    "Zone C": ("Créteil", "Montpellier", "Paris", "Toulouse", "Versailles"),
}
FIRST_AUTUMN = 2017
"""The real file holds the three zones from the autumn of this year on."""
SUMMER = "Vacances d'Été"
_PORTAL_LABELS = {"Vacances d'hiver": "Vacances d'Hiver", "Vacances de printemps": "Vacances de Printemps"} | {
    "Vacances d'été": SUMMER
}
OVERSEAS = ("Guadeloupe", "Martinique", "Guyane", "Réunion")
PUBLIC_FIRST_YEAR = 2010
PUBLIC_LAST_YEAR = 2030
_ALSACE_MOSELLE = "57"


def zone_periods(last_year: int) -> list[tuple[str, str, dt.date, dt.date]]:
    """Return (zone, description, first day, day of return) of every school holiday from 2017 on."""
    package = school_calendar()
    days = {
        day: detail
        for year in range(FIRST_AUTUMN, last_year + 1)
        for day, detail in package.holidays_for_year(year).items()
        if day >= dt.date(FIRST_AUTUMN, 9, 1)
    }
    periods = []
    for zone in ACADEMIES:
        key = f"vacances_zone_{zone[-1].lower()}"
        mine = {
            day: _PORTAL_LABELS.get(detail["nom_vacances"], detail["nom_vacances"])
            for day, detail in sorted(days.items())
            if detail[key]
        }
        first: dt.date | None = None
        for day, label in mine.items():
            first = first or day
            if mine.get(day + ONE_DAY) != label:
                periods.append((zone, label, first, day + ONE_DAY))
                first = None
    return periods


def paris_midnight(day: dt.date) -> dt.datetime:
    """Return the instant at which a French day begins."""
    return dt.datetime.combine(day, dt.time(), PARIS).astimezone(dt.UTC)


def school_table(last_year: int) -> pa.Table:
    """Return `fr-en-calendrier-scolaire`: one row an académie, teachers' summers, a summer that is one day."""
    rows: list[tuple[str, str, dt.date, dt.date, str, str]] = []
    for zone, label, first, back in zone_periods(last_year):
        for academie in ACADEMIES[zone]:
            if label == SUMMER:
                rows.append((label, "Enseignants", first, back - 3 * ONE_DAY, academie, zone))
                rows.append((label, "Élèves", first, back, academie, zone))
            else:
                rows.append((label, "-", first, back, academie, zone))
        if zone == "Zone B":
            # Corse and overseas keep dates of their own, a little aside.
            rows.append((label, "-", first + 2 * ONE_DAY, back, "Corse", "Corse"))
            rows += [(label, "-", first - 7 * ONE_DAY, back - 7 * ONE_DAY, place, place) for place in OVERSEAS]
    # The summer to come is known by its first day alone.
    after = last_year + 1
    rows += [
        ("Début des Vacances d'Été", "-", dt.date(after, 7, 5), dt.date(after, 7, 5), academie, zone)
        for zone, names in ACADEMIES.items()
        for academie in names
    ]
    return pa.table(
        {
            "description": [row[0] for row in rows],
            "population": [row[1] for row in rows],
            "start_date": pa.array([paris_midnight(row[2]) for row in rows], pa.timestamp("us", tz="UTC")),
            "end_date": pa.array([paris_midnight(row[3]) for row in rows], pa.timestamp("us", tz="UTC")),
            "location": [row[4] for row in rows],
            "zones": [row[5] for row in rows],
            "annee_scolaire": [school_year(row[2]) for row in rows],
        }
    )


def school_year(day: dt.date) -> str:
    """Return the school year of a day: summer belongs to the one that it ends."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"


def public_holiday_tables() -> dict[str, pa.Table]:
    """Return the public holidays of the mainland, and of Alsace and Moselle, which have two more."""
    years = range(PUBLIC_FIRST_YEAR, PUBLIC_LAST_YEAR + 1)
    tables = {}
    for dataset, subdivision in (("jours-feries", None), ("jours-feries-alsace-moselle", _ALSACE_MOSELLE)):
        found = sorted(holidays.country_holidays("FR", subdiv=subdivision, years=years, language="fr").items())
        tables[dataset] = pa.table(
            {
                "date": pa.array(np.array([day for day, _ in found], dtype="datetime64[D]")),
                "est_jour_ferie": ["True"] * len(found),
                "nom_jour_ferie": [label for _, label in found],
            }
        )
    return tables
