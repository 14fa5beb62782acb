"""Each dataset lands from the real file that analysts hold, with the totals that its publisher gives."""

import datetime as dt
import gzip
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG, best_fit, match_columns
from loaders.lake import Lake
from loaders.landing import FileReport, import_files

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PRODUCTION = "eco2mix-regional-cons-def"
SECTORS = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement"
ENEDIS = "consommation-electrique-par-secteur-dactivite-departement"
NATIONAL = "eco2mix-national-cons-def"
EXCHANGES = "imports-exports-commerciaux"
SCHOOL = "fr-en-calendrier-scolaire"
POPULATIONS = "populations-legales-"
SYNOP = "donnees-synop-essentielles-omm"
OUTLINES = "contours-administratifs-communes"


def land(folder: Path, dataset: str, *files: Path) -> tuple[FileReport, ...]:
    return import_files(Lake(str(folder / "lake")), dataset, files, loaded_at=NOW, published_at=NOW).files


def select(folder: Path, dataset: str, columns: str, suffix: str = "") -> list[tuple[object, ...]]:
    entry = CATALOG[dataset]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(
            f"select {columns} from read_parquet('{folder}/lake/{entry.folder}/**/*.parquet', union_by_name = true,"
            f" hive_partitioning = false) {suffix}"
        ).fetchall()


@pytest.mark.parametrize("dataset", CATALOG)
def test_entries_are_whole(dataset: str) -> None:
    """Key and time are columns, a key starts with what is needed, no label stands for two columns."""
    entry = CATALOG[dataset]
    assert set(entry.key) <= set(entry.names)
    assert not entry.key or entry.column(entry.key[0]).needed
    assert entry.time_column in entry.names
    assert len(set(entry.names)) == len(entry.names)
    labels = [label for column in entry.columns for label in (column.name, *column.aliases)]
    match = match_columns(entry, [column.aliases[0] if column.aliases else column.name for column in entry.columns])
    assert len(labels) == len(set(labels))
    assert set(match.positions) == set(entry.names)
    assert best_fit(entry.names) == entry or dataset.startswith("jours-feries")


@pytest.mark.parametrize("dataset", CATALOG)
def test_an_absent_dataset_is_a_typed_file_without_rows(dataset: str, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    with lake.writing():
        pass
    empty = pq.read_table(tmp_path / "lake" / CATALOG[dataset].folder / "empty.parquet")
    assert empty.num_rows == 0
    assert empty.column_names[: len(CATALOG[dataset].names)] == list(CATALOG[dataset].names)


def production_text(rows: list[str]) -> str:
    names = [column.aliases[0] for column in CATALOG[PRODUCTION].columns]
    return "\n".join([";".join([*names, "Column 30"]), *rows]) + "\n"


def test_production_takes_words_for_missing_values_and_an_unnamed_last_column(tmp_path: Path) -> None:
    width = len(CATALOG[PRODUCTION].columns)
    file = tmp_path / "p.csv.gz"
    start = "2024-01-01T00:00:00+01:00;2024-01-01;00:00;32;Hauts-de-France;Données consolidées;5497;398;ND;-"
    row = start + ";" * (width - start.count(";"))
    file.write_bytes(gzip.compress(production_text([row]).encode("utf-8-sig")))
    (report,) = land(tmp_path, PRODUCTION, file)
    assert (report.new, report.unknown) == (1, ("Column 30",))
    assert select(tmp_path, PRODUCTION, "consommation, thermique, nucleaire, eolien, solaire") == [
        (5497.0, 398.0, None, None, None)
    ]


def test_national_forecasts_leave_quarter_hours_out_and_are_no_real_time(tmp_path: Path) -> None:
    """Quarter-hours hold forecasts alone; real time says so in its nature, and kW lie outside what France can draw."""
    header = "Périmètre;Nature;Date;Heure;Date et Heure;Consommation (MW);Prévision J-1 (MW);Prévision J (MW);TAC (MW)"
    rows = [
        f"France;{{nature}};2019-01-15;{hour:02d}:{minute:02d};2019-01-15T{hour:02d}:{minute:02d}:00+01:00;"
        f"{60000 + hour if minute % 30 == 0 else ''};{'ND' if hour == 3 else 60100};60050;7"
        for hour in range(24)
        for minute in (0, 15, 30, 45)
    ]
    file = tmp_path / "n.csv"
    file.write_text("\n".join([header, *rows]).format(nature="Données définitives") + "\n", "utf-8")
    (report,) = land(tmp_path, NATIONAL, file)
    assert (report.rows, report.new, report.unknown) == (96, 48, ("TAC (MW)",))
    assert report.left_out == {"no value in any of consommation": 48}
    assert select(tmp_path, NATIONAL, "sum(consommation), count(prevision_j1)") == [(2 * sum(range(60000, 60024)), 46)]
    for change in (("définitives", "temps réel"), (";60", ";60000")):
        file.write_text("\n".join([header, *rows]).format(nature="Données définitives").replace(*change), "utf-8")
        with pytest.raises(DataElecError):
            land(tmp_path, NATIONAL, file)


def test_real_production_lands_with_both_rows_of_spring(real_data: Path, tmp_path: Path) -> None:
    (file,) = (real_data / "odre" / PRODUCTION).glob("*.csv.gz")
    (report,) = land(tmp_path, PRODUCTION, file)
    assert (report.rows, report.new, report.left_out) == (17_568, 17_568, {})
    assert select(tmp_path, PRODUCTION, "count(*), sum(nucleaire::double) * 0.5, sum(consommation) * 0.5") == [
        (17_568, 32_756_331.0, 46_007_526.0)
    ]
    doubled = "where date_heure = '2024-03-31 01:00:00+00' order by heure"
    assert select(tmp_path, PRODUCTION, "heure, consommation", doubled) == [("02:00", 4981.0), ("03:00", 4981.0)]


def test_real_sectors_land_alike_from_labels_and_ids(real_data: Path, tmp_path: Path) -> None:
    labels, ids = (real_data / "ore" / f"{SECTORS}.{form}.csv" for form in ("labels", "ids"))
    reports = land(tmp_path, SECTORS, labels, ids)
    assert [(r.rows, r.new, r.unchanged, r.unknown) for r in reports] == [
        (5_592, 5_592, 0, ("geom",)),
        (5_592, 0, 5_592, ("geom",)),
    ]
    electricity = "where filiere = 'Electricité' and annee in (2011, 2012, 2017, 2018) group by annee order by annee"
    totals = "annee, round(sum(consototale) / 1e6, 1), round(sum(consor) / 1e6, 1), round(sum(consoa) / 1e6, 1)"
    assert select(tmp_path, SECTORS, totals, electricity) == [
        (2011, 341.2, 188.4, 3.2),
        (2012, 434.1, 201.0, 3.1),
        (2017, 440.8, 204.0, 3.6),
        (2018, 436.7, 161.6, 7.2),
    ]
    codes = "min(code_departement), max(length(code_departement)), min(code_region), count(distinct code_region)"
    assert select(tmp_path, SECTORS, codes) == [("01", 3, "01", 18)]


def test_real_enedis_departements_land(real_data: Path, tmp_path: Path) -> None:
    land(tmp_path, ENEDIS, real_data / "enedis" / f"{ENEDIS}.csv")
    one = "conso_totale_residentiel_mwh, nb_sites_residentiel, taux_de_chauffage_electrique"
    assert select(tmp_path, ENEDIS, one, "where annee = 2017 and code_departement = '48'") == [
        (194_663.1455, 52_508.0, 21.6234455124974)
    ]
    assert select(tmp_path, ENEDIS, "count(*), count(distinct code_departement)") == [(658, 94)]


@pytest.mark.parametrize(("level", "rows"), [("regions", 17), ("departements", 100), ("communes", 34_900)])
def test_real_populations_land_with_one_total(level: str, rows: int, real_data: Path, tmp_path: Path) -> None:
    dataset = POPULATIONS + level
    (report,) = land(tmp_path, dataset, real_data / "insee" / f"donnees_{level}.csv")
    assert (report.rows, report.unknown) == (rows, ())
    key = CATALOG[dataset].key[0]
    assert select(tmp_path, dataset, f"count(distinct {key}), sum(pmun), min({key})[:2]") == [(rows, 68_094_280, "01")]


@pytest.mark.parametrize(("level", "other"), [("regions", "departements"), ("departements", "regions")])
def test_populations_of_another_level_are_refused(level: str, other: str, real_data: Path, tmp_path: Path) -> None:
    """Their columns are nearly the same: one row a region would be kept, of any of its départements."""
    with pytest.raises(DataElecError):
        land(tmp_path, POPULATIONS + level, real_data / "insee" / f"donnees_{other}.csv")


def test_real_school_calendar_lands_with_its_future(real_data: Path, tmp_path: Path) -> None:
    (report,) = land(tmp_path, SCHOOL, real_data / "calendar" / f"{SCHOOL}.csv")
    assert (report.rows, report.new, report.left_out, report.unknown) == (2_306, 2_306, {}, ())
    found = select(tmp_path, SCHOOL, "max(start_date)::varchar, count(distinct location) filter (zones = 'Zone B')")
    assert found == [("2027-07-02 22:00:00+00", 13)]


@pytest.mark.parametrize(
    ("dataset", "file", "days"),
    [
        ("jours-feries", "jours_feries_seuls", 11),
        ("jours-feries-alsace-moselle", "jours_feries_seuls_alsace_moselle", 13),
    ],
)
def test_real_public_holidays_land_to_2050(dataset: str, file: str, days: int, real_data: Path, tmp_path: Path) -> None:
    land(tmp_path, dataset, real_data / "calendar" / f"{file}.csv")
    in_2024 = "count(*) filter (year(date) = 2024), year(max(date))"
    assert select(tmp_path, dataset, in_2024) == [(days, 2050)]


def test_synop_lands_alike_from_a_monthly_file_and_from_labels(tmp_path: Path) -> None:
    """Météo-France writes an instant in fourteen digits and a nameless last column, the portal an offset and labels."""
    monthly, labelled = tmp_path / "synop.201701.csv.gz", tmp_path / "synop.csv"
    monthly.write_bytes(
        gzip.compress(
            b"numer_sta;date;ff;t;u;n;\n07005;20170101030000;0.0;269.25;96;mq;\n78925;20170101030000;;mq;1;0;\n"
        )
    )
    labelled.write_text(
        "ID OMM station;Date;Vitesse du vent moyen 10 mn;Température;Humidité;Nebulosité totale;Température (°C)\n"
        "07005;2017-01-01T04:00:00+01:00;0.0;269.25;96;mq;-3.9\n"
    )
    first, second = land(tmp_path, SYNOP, monthly, labelled)
    assert (first.new, first.left_out, second.unchanged, second.unknown) == (2, {}, 1, ("Température (°C)",))
    assert select(tmp_path, SYNOP, "numer_sta, date::varchar, t, ff, u, n", "order by all") == [
        ("07005", "2017-01-01 03:00:00+00", 269.25, 0.0, 96.0, None),
        ("78925", "2017-01-01 03:00:00+00", None, None, 1.0, 0.0),
    ]


def test_a_real_month_of_synop_lands(real_data: Path, tmp_path: Path) -> None:
    """Its daily means are those that others have made of it."""
    (report,) = land(tmp_path, SYNOP, real_data / "meteo" / "synop.201701.csv.gz")
    assert (report.rows, report.new, report.left_out) == (14_344, 14_344, {})
    daily = (
        f"(select numer_sta as station_code, date::date as date_day, avg(try_cast(t as double)) - 273.15 as celsius"
        f" from read_parquet('{tmp_path}/lake/opendatasoft/{SYNOP}/**/*.parquet', union_by_name = true) group by all)"
    )
    known = f"'{real_data / 'meteo' / 'synop-daily-by-station_2013-2022.parquet'}'"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        (found,) = connection.execute(
            f"select count(*), max(abs(celsius - temperature_mean_c)) from {daily} inner join {known}"
            " using (station_code, date_day)"
        ).fetchall()
    assert found[0] > 1_500
    assert found[1] < 0.06


def test_exchanges_summed_by_day_are_refused(real_data: Path, tmp_path: Path) -> None:
    """Taken for hours, they would be 24 times too large."""
    with pytest.raises(DataElecError, match="lacks `position`"):
        land(tmp_path, EXCHANGES, real_data / "odre" / EXCHANGES / "daily-derived.csv")


def test_exchanges_land_from_labels(tmp_path: Path) -> None:
    names = [column.aliases[0] for column in CATALOG[EXCHANGES].columns]
    rows = [["2019-10-27", str(hour), *["100", "-50"] * 6] for hour in (24, 25)]
    file = tmp_path / "e.csv"
    file.write_text("\n".join(";".join(row) for row in [names, *rows]))
    land(tmp_path, EXCHANGES, file)
    assert select(tmp_path, EXCHANGES, "position, fr_gb, gb_fr, import_france", "order by position") == [
        (24, 100.0, -50.0, -50.0),
        (25, 100.0, -50.0, -50.0),
    ]


def test_a_map_in_geojson_lands_feature_by_feature(tmp_path: Path) -> None:
    """Features become rows with their outline as text; a map that breaks off lands nothing."""
    outline = '{"type":"Polygon","coordinates":[[[5.1,46.2],[5.2,46.2],[5.2,46.3],[5.1,46.2]]]}'
    feature = '{"type": "Feature", "properties": {"code": "%s", "departement": "1", "region": "84"}, "geometry": %s}'
    whole, cut = tmp_path / "communes-1000m.geojson", tmp_path / "cut.geojson"
    features = ",\n".join(feature % (code, outline) for code in ("01001", "1002"))
    whole.write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    (report,) = land(tmp_path, OUTLINES, whole)
    assert (report.rows, report.new) == (2, 2)
    assert select(tmp_path, OUTLINES, "code, departement, geometry", "order by code") == [
        ("01001", "01", outline),
        ("01002", "01", outline),
    ]
    for content in (features[:-40], features, "{}]}"):
        cut.write_text(f'{{"type": "FeatureCollection", "features": [{content}')
        with pytest.raises(DataElecError, match=r"cut\.geojson"):
            land(tmp_path, OUTLINES, cut)


def test_lists_of_communes_and_epci_land_with_their_lists(tmp_path: Path) -> None:
    communes, epcis = tmp_path / "communes.json", tmp_path / "epci.json"
    communes.write_text(
        '[{"code": "01015", "nom": "Arboys en Bugey", "type": "commune-actuelle", "departement": "01",'
        ' "anciensCodes": ["01340"]}, {"code": "01015", "nom": "Arbignieu", "type": "commune-deleguee",'
        ' "departement": "01", "chefLieu": "01015"}]'
    )
    epcis.write_text(
        '[{"code": "200070852", "nom": "CC Usses et Rhône", "modeFinancement": "FPU", "membres": [{"code": "01015"}]}]'
    )
    land(tmp_path, "decoupage-administratif-communes", communes)
    land(tmp_path, "decoupage-administratif-epci", epcis)
    assert select(tmp_path, "decoupage-administratif-communes", '"anciensCodes", "chefLieu"', "order by type") == [
        ('["01340"]', None),
        (None, "01015"),
    ]
    assert select(tmp_path, "decoupage-administratif-epci", "membres") == [('[{"code":"01015"}]',)]
