"""Files as large as the portals' largest, made on the fly: columns and sizes as published, values made up."""

import datetime as dt
import gzip
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv

from research.project import REAL_DATA

LOAD = "consommation-quotidienne-brute-regionale"
BLOCK = 500_000
DWELLING_HEADER = (
    "COMMUNE;ARM;IRIS;ACHL;AEMM;AEMMR;AGEMEN8;ANEM;ANEMR;ASCEN;BAIN;BATI;CATIRIS;CATL;CHAU;"
    "CHFL;CHOS;CLIM;CMBL;CUIS;DEROU;DIPLM;EAU;EGOUL;ELEC;EMPLM;GARL;HLML;ILETUDM;ILTM;IMMIM;"
    "INAIM;INEEM;INP11M;INP15M;INP17M;INP19M;INP24M;INP3M;INP60M;INP65M;INP5M;INP75M;INPAM;"
    "INPER;INPER1;INPER2;INPOM;INPSM;IPONDL;IRANM;METRODOM;NBPI;RECHM;REGION;SANI;SANIDOM;SEXEM;"
    "STAT_CONJM;STOCD;SURF;TACTM;TPM;TRANSM;TRIRIS;TYPC;TYPL;VOIT;WC"
)
SECTORS = ("RESIDENTIEL", "TERTIAIRE", "INDUSTRIE", "AGRICULTURE", "INCONNU")
CATEGORIES = ("RES", "PRO", "ENT")

_MODALITIES = {"CATL": "1234", "TYPL": "123456", "SURF": "1234567Y", "CMBL": "123456Y", "CHFL": "12345Y"}
"""The values of the variables that are landed."""
# A usual load of each region, in MW.
REGIONS = {"11": 7900, "24": 2050, "27": 2430, "28": 3090, "32": 5700, "44": 5190, "52": 3020, "53": 2450}
REGIONS |= {"75": 4780, "76": 4090, "84": 7450, "93": 4560}


def write_months(folder: Path, form: str, months: int) -> None:
    """Write half-hours made up, a file a month since 2013, as `json` (Explore v1), `csv`, `csv.gz` or `zip`."""
    for number in range(months):
        year, month = 2013 + number // 12, number % 12 + 1
        _write_month(folder, f"{year}-{month:02}", form, _month(year, month))


def write_real_months(folder: Path, form: str) -> None:
    """Write the published half-hours of 2013-2019 likewise."""
    for extract in sorted((REAL_DATA / "odre" / LOAD).glob("*.parquet")):
        with duckdb.connect() as connection:
            rows = connection.execute("select * from read_parquet(?)", [str(extract)])
            names = [column[0] for column in rows.description or ()]
            months: dict[str, list[dict[str, object]]] = {}
            for values in rows.fetchall():
                record = dict(zip(names, values, strict=True))
                months.setdefault(str(record["date_heure"])[:7], []).append(record)
        for month, records in months.items():
            _write_month(folder, month, form, records)


def _as_explored(record: dict[str, object]) -> dict[str, object]:
    published = {name: value for name, value in record.items() if value is not None}
    stamp = published.pop("record_timestamp")
    return {"datasetid": LOAD, "recordid": "0" * 40, "fields": published, "record_timestamp": stamp}


def _write_month(folder: Path, name: str, form: str, records: list[dict[str, object]]) -> None:
    if form == "json":
        explored = json.dumps(list(map(_as_explored, records)), ensure_ascii=False)
        (folder / f"{name}.json").write_text(explored, encoding="utf-8")
        return
    lines: list[list[object]] = [list(records[0]), *(list(record.values()) for record in records)]
    text = "".join(";".join("" if value is None else str(value) for value in line) + "\n" for line in lines)
    match form:
        case "csv.gz":
            (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode(), 1))
        case "zip":
            with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(f"{name}.csv", text)
        case _:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def _month(year: int, month: int) -> list[dict[str, object]]:
    zone = ZoneInfo("Europe/Paris")
    first = dt.datetime(year, month, 1, tzinfo=zone).astimezone(dt.UTC)
    last = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(dt.UTC)
    records: list[dict[str, object]] = []
    for step in range(int((last - first).total_seconds()) // 1800):
        moment = (first + dt.timedelta(minutes=30 * step)).astimezone(zone)
        for region, usual in REGIONS.items():
            records.append(
                {
                    "date_heure": moment.isoformat(),
                    "date": f"{moment:%Y-%m-%d}",
                    "heure": f"{moment:%H:%M}",
                    "code_insee_region": region,
                    "region": f"Région {region}",
                    "consommation_brute_gaz_grtgaz": usual + 11 * step % 500,
                    "statut_grtgaz": "Définitif",
                    "consommation_brute_gaz_terega": None,
                    "statut_terega": None,
                    "consommation_brute_gaz_totale": usual + 11 * step % 500,
                    "consommation_brute_electricite_rte": usual + 37 * step % 400,
                    "statut_rte": "Définitif",
                    "consommation_brute_totale": 2 * usual + 11 * step % 500 + 37 * step % 400,
                    "record_timestamp": "2022-05-26T08:49:59.960+02:00",
                }
            )
    return records


def write_dwellings(path: Path, rows: int) -> None:
    """Write FD_LOGEMT as INSEE does: `;`, no quotes, 69 columns of which eight are landed."""
    random = np.random.default_rng(1)
    blocks = (_dwellings(min(BLOCK, rows - start), random) for start in range(0, rows, BLOCK))
    _write(path, blocks)


def write_communes(path: Path, size: int) -> None:
    """Write ORE's long form at commune, with labels and a byte order mark, until the file has `size` bytes."""
    path.write_bytes(b"\xef\xbb\xbf")
    _write(path, _communes_until(path, size), append=True)


def write_certificates(path: Path, rows: int) -> None:
    """Write ADEME's certificates with the columns that are landed and an address, which is not."""
    random = np.random.default_rng(3)
    blocks = (_certificates(np.arange(start, min(start + BLOCK, rows)), random) for start in range(0, rows, BLOCK))
    _write(path, blocks)


def _write(path: Path, blocks: Iterator[pa.Table], append: bool = False) -> None:
    with path.open("ab" if append else "wb") as sink:
        for number, block in enumerate(blocks):
            options = pyarrow.csv.WriteOptions(include_header=number == 0, delimiter=";", quoting_style="none")
            pyarrow.csv.write_csv(block, sink, options)
            sink.flush()


def _codes(random: np.random.Generator, low: int, high: int, width: int, rows: int) -> pa.Array:
    return pa.array(np.char.zfill(random.integers(low, high, rows).astype(f"U{width}"), width))


def _dwellings(rows: int, random: np.random.Generator) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    for name in DWELLING_HEADER.split(";"):
        match name:
            case "COMMUNE":
                columns[name] = _codes(random, 1001, 95999, 5, rows)
            case "IRIS":
                columns[name] = _codes(random, 10010101, 95999999, 9, rows)
            case "IPONDL":
                columns[name] = pa.array(np.round(random.gamma(4, 0.7, rows) + 0.5, 12).astype("U16"))
            case "ARM" | "TRIRIS" | "IMMIM":
                columns[name] = pa.array(np.full(rows, "ZZZZZ"))
            case "AEMM" | "ANEM":
                columns[name] = pa.array(random.integers(1950, 2022, rows).astype("U4"))
            case _:
                columns[name] = pa.array(random.choice(list(_MODALITIES.get(name, "1234567Z")), rows))
    return pa.table(columns)


def _communes_until(path: Path, size: int) -> Iterator[pa.Table]:
    random = np.random.default_rng(2)
    start = 0
    while path.stat().st_size < size:
        yield _communes(np.arange(start, start + BLOCK // 4), random)
        start += BLOCK // 4


def _communes(number: np.ndarray, random: np.random.Generator) -> pa.Table:
    """Return rows of which each has a key of its own, counted through sectors, categories, communes and years."""
    rest, sector = np.divmod(number, len(SECTORS))
    rest, category = np.divmod(rest, len(CATEGORIES))
    year, commune = np.divmod(rest, 34_900)
    code = np.char.zfill((commune + 1001).astype("U5"), 5)
    rows = len(number)
    measures = {
        name: pa.array(np.round(random.gamma(2, 500, rows), 6))
        for name in (
            "Conso totale (MWh)",
            "Conso moyenne (MWh)",
            "Part thermosensible (%)",
            "Conso totale usages thermosensibles (MWh)",
            "Conso moyenne usages thermosensibles (MWh)",
            "Thermosensibilité totale (kWh/DJU)",
            "Taux de logements collectifs",
            "Taux de résidences principales",
            "Résidences principales avant 1919",
            "Taux de chauffage électrique",
        )
    }
    return pa.table(
        {
            "OPERATEUR": np.full(rows, "Enedis"),
            "Année": (year + 2011).astype("U4"),
            "FILIERE": np.full(rows, "Electricité"),
            "Code Commune": code,
            "Nom Commune": np.char.add("Saint-Exemple-le-", code),
            "Code EPCI": np.char.add("2000", code),
            "Nom EPCI": np.char.add("CC du Pays de l'Exemple ", code),
            "Code Département": np.char.ljust(code, 2).astype("U2"),
            "Nom Département": np.full(rows, "Exemple-et-Loire"),
            "Code Région": np.full(rows, "84"),
            "Nom Région": np.full(rows, "Auvergne-Rhône-Alpes"),
            "CODE CATEGORIE CONSOMMATION": np.array(CATEGORIES)[category],
            "CODE GRAND SECTEUR": np.array(SECTORS)[sector],
            "CODE SECTEUR NAF2": np.full(rows, ""),
            "Nb sites": random.integers(1, 900, rows),
            **measures,
            "Nombre de mailles secretisées": np.zeros(rows, int),
            "Nombre d'habitants": random.integers(50, 9_000, rows),
        }
    )


def _certificates(number: np.ndarray, random: np.random.Generator) -> pa.Table:
    rows = len(number)
    names = np.char.add(np.char.add("23", np.char.zfill((number % 95 + 1).astype("U2"), 2)), "E")
    numbers = np.char.add(np.char.add(names, np.char.zfill(number.astype("U8"), 8)), "X")
    areas = np.round(random.lognormal(4.3, 0.4, rows), 1)
    days = np.datetime64("2021-07-01") + random.integers(0, 1_500, rows)
    return pa.table(
        {
            "numero_dpe": numbers,
            "numero_dpe_remplace": np.where(number % 11 == 0, np.roll(numbers, 1), ""),
            "date_etablissement_dpe": days.astype("U10"),
            "etiquette_dpe": random.choice(list("ABCDEFG"), rows),
            "code_insee_ban": _codes(random, 1001, 95999, 5, rows),
            "type_energie_principale_chauffage": random.choice(
                ["Électricité", "Gaz naturel", "Fioul domestique"], rows
            ),
            "surface_habitable_logement": areas,
            "type_batiment": random.choice(["maison", "appartement"], rows),
            "periode_construction": random.choice(["avant 1948", "1948-1974", "1989-2000"], rows),
            "ubat_w_par_m2_k": np.round(random.gamma(4, 0.2, rows), 2),
            "deperditions_enveloppe": np.round(areas * random.gamma(4, 0.6, rows) + 20, 1),
            "adresse_ban": np.char.add(number.astype("U8"), " rue de l'Exemple"),
        }
    )


if __name__ == "__main__":
    kind, target, amount = sys.argv[1:]
    if kind.startswith("published."):
        write_real_months(Path(target), kind.removeprefix("published."))
    elif kind.startswith("made-up."):
        write_months(Path(target), kind.removeprefix("made-up."), int(amount))
    else:
        {"dwellings": write_dwellings, "communes": write_communes, "certificates": write_certificates}[kind](
            Path(target), int(amount)
        )
