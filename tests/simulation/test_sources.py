"""The simulated datasets beside the load agree with it, with one another and with what was planted: direct reads."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from loaders.catalog import CATALOG

PRODUCTION = "eco2mix-regional-cons-def"
NATIONAL = "eco2mix-national-cons-def"
EXCHANGES = "imports-exports-commerciaux"
INJECTIONS = "injections-regionales-quotidiennes-consolidees-rpt"
LONG = "consommation-annuelle-d-electricite-et-gaz-par-"
WIDE_OF = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-"
WIDE = f"{WIDE_OF}departement"
ENEDIS_YEARLY = "consommation-electrique-par-secteur-dactivite-departement"
CUBE = "DS_RP_LOGEMENT_PRINC"
STATIONS = "donnees-climatologiques-de-base-quotidiennes"
SYNOP = "donnees-synop-essentielles-omm"
ISLANDS = "courbe-de-charge-de-la-production-delectricite-par-filiere"
SEEDS = Path(__file__).parents[2] / "seeds"
FILIERES = ("thermique", "nucleaire", "eolien", "solaire", "hydraulique", "pompage", "bioenergies")


@pytest.fixture(scope="module")
def lake(sample_lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Each dataset as a view of its id, each table of the truth as `truth_…`; instants are UTC."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for dataset in CATALOG.values():
            connection.execute(
                f'create view "{dataset.dataset_id}" as from read_parquet('
                f"'{sample_lake}/{dataset.folder}/**/*.parquet', union_by_name = true, hive_partitioning = false)"
            )
        for path in (sample_lake / "_truth").glob("*.parquet"):
            connection.execute(f"create view truth_{path.stem} as from '{path}'")
        yield connection


def planted(lake: duckdb.DuckDBPyConnection, dataset: str, reason: str) -> pd.DataFrame:
    return lake.execute(
        "select * replace (period_start_at_utc at time zone 'UTC' as period_start_at_utc) from truth_source_defects"
        " where dataset_id = ? and reason_code = ?",
        [dataset, reason],
    ).df()


@pytest.mark.parametrize("dataset", CATALOG)
def test_values_lie_within_what_their_columns_can_hold(lake: duckdb.DuckDBPyConnection, dataset: str) -> None:
    """Files of these rows would be taken by `dataelec import`."""
    entry = CATALOG[dataset]
    for column in entry.columns:
        if column.low is not None:
            low, high = lake.execute(f'select min({column.name}), max({column.name}) from "{dataset}"').fetchall()[0]
            assert low is None or column.low <= low <= high <= column.high, column.name
    keys = ", ".join(entry.key)
    if keys:
        repeated = f'select {keys} from "{dataset}" group by all having count(*) > 1'
        assert lake.execute(repeated).fetchall() == []


# --- production, exchanges, injections --------------------------------------------------------------------------------


def number(name: str) -> str:
    return f"coalesce(try_cast({name} as double), 0)"


def test_production_and_exchange_make_up_the_load(lake: duckdb.DuckDBPyConnection) -> None:
    unbalanced = lake.execute(
        f"""
        select code_insee_region, date_heure at time zone 'UTC' as date_heure from "{PRODUCTION}"
        where consommation <> {" + ".join(number(name) for name in (*FILIERES, "ech_physiques"))}
        """
    ).df()
    lost = planted(lake, PRODUCTION, "value_unavailable")
    lost = lost[lost.value_true != 0]
    assert set(zip(unbalanced.code_insee_region, unbalanced.date_heure, strict=True)) == set(
        zip(lost.territory_code, lost.period_start_at_utc, strict=True)
    )
    assert len(lost) >= 5


def test_national_load_is_the_regions_and_its_forecasts_err_as_planted(lake: duckdb.DuckDBPyConnection) -> None:
    apart, rows, *errors, lost = lake.execute(
        f"""
        select
            max(abs(national.consommation - regions.mw)), count(*),
            avg(abs(prevision_j1 / national.consommation - 1)), avg(abs(prevision_j / national.consommation - 1)),
            count(*) - count(prevision_j1)
        from "{NATIONAL}" as national
        inner join (
            select date_heure, heure, sum(consommation) as mw from "{PRODUCTION}" group by all
        ) as regions using (date_heure, heure)
        """
    ).fetchall()[0]
    assert apart == 0
    assert rows == 48 * (365 * 3)
    assert 0.018 < errors[0] < 0.026
    assert 0.007 < errors[1] < 0.012
    assert lost <= len(planted(lake, NATIONAL, "value_unavailable"))
    assert len(planted(lake, NATIONAL, "phantom_hour")) == 2 * 5


def test_production_tells_lost_values_from_absent_plants(lake: duckdb.DuckDBPyConnection) -> None:
    empty = lake.execute(
        f"""
        select code_insee_region, filiere, count(*) as n, count(*) = max(rows) as is_absent
        from "{PRODUCTION}" unpivot include nulls (mw for filiere in ({", ".join(FILIERES)}))
        inner join (select code_insee_region, count(*) as rows from "{PRODUCTION}" group by all)
            using (code_insee_region)
        where mw is null group by all
        """
    ).df()
    absent = set(empty[empty.is_absent][["code_insee_region", "filiere"]].itertuples(index=False, name=None))
    lost = planted(lake, PRODUCTION, "value_unavailable")
    # A value that is lost where there is no plant is one of those that are never there.
    told = [pair for pair in zip(lost.territory_code, lost.column_name, strict=True) if pair not in absent]
    assert empty[~empty.is_absent].n.sum() == len(told) >= 10
    nuclear = empty[empty.is_absent & (empty.filiere == "nucleaire")]
    assert set(nuclear.code_insee_region) == {"11", "27", "52", "53", "93"}


def test_production_repeats_the_true_load_with_springs_phantoms(lake: duckdb.DuckDBPyConnection) -> None:
    phantoms = lake.execute(
        f"""
        select code_insee_region, date_heure at time zone 'UTC' as date_heure from "{PRODUCTION}"
        where heure <> strftime(date_heure at time zone 'Europe/Paris', '%H:%M')
        """
    ).df()
    expected = planted(lake, PRODUCTION, "phantom_hour")
    assert set(zip(phantoms.code_insee_region, phantoms.date_heure, strict=True)) == set(
        zip(expected.territory_code, expected.period_start_at_utc, strict=True)
    )
    assert len(phantoms) == 3 * 12 * 2
    apart = lake.execute(
        f"""
        with days as (
            select code_insee_region as region_code, (date_heure at time zone 'Europe/Paris')::date as date_day,
                avg(consommation) as mw, count(*) as n, count(distinct date_heure) as instants
            from "{PRODUCTION}" group by all
        )
        select max(abs(mw - load_mean_mw)) from days inner join truth_days using (region_code, date_day)
        where month(date_day) not in (3, 10)
        """
    ).fetchall()
    assert apart[0][0] < 1e-6


def test_exchanges_are_their_borders_and_follow_the_balance(lake: duckdb.DuckDBPyConnection) -> None:
    borders = ("gb", "cwe", "ch", "it", "es")
    exports, imports = (" + ".join(text.format(b) for b in borders) for text in ("fr_{}", "{}_fr"))
    wrong = lake.execute(
        f"""
        select * from "{EXCHANGES}"
        where export_france <> {exports} or import_france <> {imports}
            or least(fr_gb, fr_cwe, fr_ch, fr_it, fr_es) < 0 or greatest(gb_fr, cwe_fr, ch_fr, it_fr, es_fr) > 0
        """
    ).fetchall()
    assert wrong == []
    positions = lake.execute(
        f"""
        select n, count(*) from (
            select date, count(*) as n from "{EXCHANGES}" group by date having n = max(position) and min(position) = 1
        ) group by n order by n
        """
    ).fetchall()
    assert positions == [(23, 3), (24, 1089), (25, 3)]
    days = lake.execute(
        f"""
        with commercial as (
            select date as date_day, avg(export_france + import_france) as surplus from "{EXCHANGES}" group by all
        ),
        physical as (
            select date::date as date_day, -sum(try_cast(ech_physiques as double)) / 48 as surplus
            from "{PRODUCTION}" group by all
        )
        select commercial.surplus as commercial, physical.surplus as physical
        from commercial inner join physical using (date_day)
        """
    ).df()
    assert len(days) == 1095
    assert days.corr().iloc[0, 1] > 0.98
    assert abs(days.commercial.mean() - days.physical.mean()) < 150
    assert 4_000 < days.physical.mean() < 11_000, "MW; France exports"


def test_injections_are_a_part_of_production_and_lack_the_secret_rows(lake: duckdb.DuckDBPyConnection) -> None:
    names = {
        "Nucléaire": "nucleaire",
        "Hydraulique": "hydraulique",
        "Thermique non renouvelable": "thermique",
        "Eolien": "eolien",
        "Solaire": "solaire",
        "Bioénergies": "bioenergies",
    }
    shares = {}
    for label, filiere in names.items():
        shares[label] = lake.execute(
            f"""
            with injected as (
                select date as date_day, code_insee_region, sum(energie_journaliere_mwh) as mwh
                from "{INJECTIONS}" where filiere = ? group by all
            ),
            produced as (
                select (date_heure at time zone 'Europe/Paris')::date as date_day, code_insee_region,
                    sum({number(filiere)}) / 2 as mwh
                from "{PRODUCTION}" group by all
            )
            select sum(injected.mwh) / sum(produced.mwh), max(injected.mwh - produced.mwh)
            from injected inner join produced using (date_day, code_insee_region)
            where month(date_day) not in (3, 10)
            """,
            [label],
        ).fetchall()[0]
    assert all(excess <= 30 for _, excess in shares.values()), "less than is produced, but for values lost there"
    assert 0.9 < shares["Nucléaire"][0] <= 1
    assert 0.5 < shares["Hydraulique"][0] < 0.8
    assert shares["Solaire"][0] < 0.05
    in_bands = lake.execute(
        f"""
        select filiere, code_insee_region from "{INJECTIONS}" group by all
        having count(distinct plage_de_puissance_injection) > 1
        """
    ).fetchall()
    assert len(in_bands) > 10
    expected = lake.execute(
        f"""
        select sum(days) from (
            select count(distinct date) as here, 1095 - count(*) as days from "{INJECTIONS}"
            group by code_insee_region, filiere, plage_de_puissance_injection
        )
        """
    ).fetchall()[0][0]
    assert expected == len(planted(lake, INJECTIONS, "secret_row")) >= 50


# --- client types of Enedis ------------------------------------------------------------------------------------------


def half_hours(lake: duckdb.DuckDBPyConnection) -> None:
    lake.execute(
        """
        create or replace view half_hours as
        select * exclude (secteur_activite) from (
            select *, null as secteur_activite from "conso-inf36-region" union all by name
            from "conso-sup36-region"
        )
        """
    )


def test_totals_of_profiles_hold_what_stands_beside_them(lake: duckdb.DuckDBPyConnection) -> None:
    half_hours(lake)
    parts = lake.execute(
        """
        with summed as (
            select profil, code_region, horodate,
                sum(total_energie_soutiree_wh) filter (where plage_de_puissance_souscrite like '%Total%') as total,
                sum(total_energie_soutiree_wh) filter (where plage_de_puissance_souscrite not like '%Total%') as detail
            from half_hours group by all
        )
        select profil, min(detail / total), max(detail / total), count(*) from summed group by all order by all
        """
    ).fetchall()
    by_profile = {row[0][:4]: row[1:3] for row in parts}
    assert {row[3] for row in parts} == {12 * 2 * 24 * 1095}
    assert by_profile["RES2"] == (1, 1)
    assert by_profile["PRO1"] == by_profile["ENT3"] == (None, None)
    assert 0.5 < by_profile["ENT1"][0] < by_profile["ENT1"][1] < 0.6


def test_the_portals_names_of_regions_and_its_long_and_short_days(lake: duckdb.DuckDBPyConnection) -> None:
    half_hours(lake)
    names = dict(lake.execute("select distinct code_region, region from half_hours").fetchall())
    assert (names["75"], names["44"], names["11"]) == ("Nouvelle Aquitaine", "Grand-Est", "Île-de-France")
    lengths = lake.execute(
        """
        select n, count(*) from (
            select (horodate at time zone 'Europe/Paris')::date as date_day, count(*) as n
            from half_hours where code_region = '11' and profil like 'PRO%' group by all
        ) group by n order by n
        """
    ).fetchall()
    assert lengths == [(46, 3), (48, 1089), (50, 3)]


@pytest.fixture(scope="module")
def class_days(lake: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Mean MW of each class, region and local day, with the true days beside."""
    half_hours(lake)
    return lake.execute(
        """
        with loads as (
            select code_region as region_code, (horodate at time zone 'Europe/Paris')::date as date_day,
                left(profil, 3) as profile, sum(2 * total_energie_soutiree_wh) / 1e6 / count(distinct horodate) as mw
            from half_hours where plage_de_puissance_souscrite like '%Total%' group by all
        )
        select
            loads.*, days.*,
            case profile when 'RES' then 'enedis_residential' when 'PRO' then 'enedis_professional'
                else 'enedis_enterprise' end as client_type_code
        from loads inner join truth_days as days using (region_code, date_day)
        """
    ).df()


def test_classes_add_up_to_a_part_of_the_load(class_days: pd.DataFrame) -> None:
    total = class_days.groupby(["region_code", "date_day"]).agg(mw=("mw", "sum"), load=("load_mean_mw", "first"))
    share = total.mw / total.load
    assert share.max() < 0.97
    assert 0.75 < share.mean() < 0.88
    assert share.groupby("region_code").mean().min() > 0.6, "local networks serve a part of Grand Est"


def test_planted_slopes_of_classes_are_found_by_least_squares(
    class_days: pd.DataFrame, lake: duckdb.DuckDBPyConnection
) -> None:
    """Inside calendar cells, at the planted balance points: close to what was planted, homes closest."""
    truth = lake.execute("from truth_client_types").df().set_index(["region_code", "client_type_code"])
    errors: dict[str, list[float]] = {}
    for (region, client), days in class_days.groupby(["region_code", "client_type_code"]):
        row = truth.loc[(region, client)]
        t = days.temperature_smoothed_c
        columns = pd.DataFrame(
            {
                "y": days.mw,
                "h": np.maximum(row.heating_balance_point_c - t, 0),
                "c": np.maximum(t - row.cooling_balance_point_c, 0),
            }
        )
        inside = columns - columns.groupby([days.season_regime_code, days.day_class_code]).transform("mean")
        slope = np.linalg.lstsq(inside[["h", "c"]].to_numpy(), inside.y.to_numpy(), rcond=None)[0][0]
        errors.setdefault(str(client), []).append(slope / row.heating_slope_mw_per_c - 1)
    assert {client: len(of) for client, of in errors.items()} == dict.fromkeys(errors, 12)
    assert np.abs(errors["enedis_residential"]).max() < 0.08
    assert np.abs(np.mean(errors["enedis_residential"])) < 0.05
    for client in ("enedis_professional", "enedis_enterprise"):
        assert np.abs(np.mean(errors[client])) < 0.15, client


def test_slopes_of_classes_and_the_rest_are_the_regions(lake: duckdb.DuckDBPyConnection) -> None:
    apart = lake.execute(
        """
        select max(abs(parts.heating - regions.heating_slope_mw_per_c)),
            max(abs(parts.cooling - regions.cooling_slope_mw_per_c)), min(parts.least), min(parts.homes_share)
        from truth_regions as regions inner join (
            select region_code, sum(heating_slope_mw_per_c) as heating, sum(cooling_slope_mw_per_c) as cooling,
                min(heating_slope_mw_per_c) as least,
                max(heating_slope_mw_per_c) / sum(heating_slope_mw_per_c) as homes_share
            from truth_client_types group by all
        ) as parts using (region_code)
        """
    ).fetchall()[0]
    assert max(apart[:2]) < 1e-9
    assert apart[2] > 0
    assert apart[3] > 0.5, "homes carry most of the slope"


# --- yearly consumption -----------------------------------------------------------------------------------------------

KEYS = "annee, filiere, operateur, code_categorie_consommation, code_grand_secteur, code_secteur_naf2"


def test_communes_add_up_to_departements_and_regions(lake: duckdb.DuckDBPyConnection) -> None:
    outlier = planted(lake, f"{LONG}commune", "outlier").iloc[0]
    fixed = (
        f"select * replace (case when code_commune = '{outlier.territory_code}' and annee = {outlier.calendar_year}"
        f" and conso_totale_mwh = {outlier.value_published} then {outlier.value_true} else conso_totale_mwh end"
        f' as conso_totale_mwh) from "{LONG}commune"'
    )
    assert outlier.value_published == pytest.approx(1_000 * outlier.value_true)
    for source, level, code in (
        (f"({fixed})", "departement", "code_departement"),
        (f'"{LONG}departement"', "region", "code_region"),
    ):
        sums = (
            f"select {KEYS}, {code}, round(sum(conso_totale_mwh), 3) as mwh, sum(nb_sites) as sites,"
            f" sum(nombre_de_mailles_secretisees) as secret"
        )
        one, other = f"{sums} from {source} group by all", f'{sums} from "{LONG}{level}" group by all'
        assert lake.execute(f"({one}) except ({other})").fetchall() == [], level
        assert lake.execute(f"({other}) except ({one})").fetchall() == [], level


def test_epci_and_iris_add_up_too(lake: duckdb.DuckDBPyConnection) -> None:
    for level in ("epci", "iris"):
        apart = lake.execute(
            f"""
            with of_level as (
                select {KEYS}, code_region, round(sum(conso_totale_mwh), 3) as mwh
                from "{LONG}{level}" where annee >= 2018 group by all
            ),
            of_regions as (
                select {KEYS}, code_region, round(conso_totale_mwh, 3) as mwh
                from "{LONG}region" where annee >= 2018
            )
            select count(*) from (
                (from of_level except from of_regions) union all (from of_regions except from of_level)
            )
            """
        ).fetchall()
        assert apart == [(0,)], level
    pieces = lake.execute(
        f"""
        select count(distinct code_epci), count(*) filter (where code_region is null), (
            select max(n) from (select count(distinct code_departement) as n from "{LONG}commune" group by code_epci)
        ) from "{LONG}epci"
        """
    ).fetchall()
    assert pieces == [(199, 0, 1)], "each inside one département; Paris is one"
    iris = lake.execute(
        f"""
        select min(n), max(n) from (
            select count(distinct code_iris) as n from "{LONG}iris" where left(code_iris, 5) = code_commune
            group by code_commune
        )
        """
    ).fetchall()
    assert iris == [(1, 2)]


def test_wide_forms_of_all_levels_have_one_sum(lake: duckdb.DuckDBPyConnection) -> None:
    sums = {
        lake.execute(
            f"""
            select round(sum(consototale) filter (where filiere = 'Electricité'), 1), round(sum(consototale), 1),
                sum(nombre_maille_secretisees_i)
            from "{WIDE_OF}{level}"
            """
        ).fetchall()[0]
        for level in ("commune", "departement", "region")
    }
    assert len(sums) == 1


def test_the_wide_form_says_what_the_long_one_does(lake: duckdb.DuckDBPyConnection) -> None:
    sectors = {"a": "AGRICULTURE", "i": "INDUSTRIE", "t": "TERTIAIRE", "r": "RESIDENTIEL", "na": "INCONNU"}
    for letter, sector in sectors.items():
        wide = (
            f"select annee, filiere, operateur, code_departement, round(conso{letter}, 3) as mwh,"
            f" nombre_maille_secretisees_{letter} as secret"
            f' from "{WIDE}" where conso{letter} > 0 or nombre_maille_secretisees_{letter} > 0'
        )
        long = (
            "select annee, filiere, operateur, code_departement, round(sum(conso_totale_mwh), 3) as mwh,"
            f" sum(nombre_de_mailles_secretisees) as secret"
            f" from \"{LONG}departement\" where code_grand_secteur = '{sector}' and annee <= 2021 group by all"
        )
        assert lake.execute(f"({wide}) except ({long})").fetchall() == [], sector
        assert lake.execute(f"({long}) except ({wide})").fetchall() == [], sector


def test_yearly_traps_are_there(lake: duckdb.DuckDBPyConnection) -> None:
    by_year = (
        lake.execute(
            f"""
            select annee, sum(consor) / 1e6 as residential, sum(consot) / 1e6 as tertiary, sum(consoa) / 1e6 as farms,
                count(*) filter (where operateur = 'RTE') as transmission, sum(consototale) / 1e6 as total
            from "{WIDE}" where filiere = 'Electricité' group by annee
            """
        )
        .df()
        .set_index("annee")
    )
    before, after = by_year.loc[2017], by_year.loc[2018]
    assert 0.7 < after.residential / before.residential < 0.85
    assert after.tertiary / before.tertiary > 1.2
    assert after.farms / before.farms > 1.5
    assert abs(after.total / before.total - 1) < 0.15
    assert by_year.transmission[2011] == 0
    assert by_year.transmission[2012] > 50
    gas = lake.execute(f"select sum(consototale) / 1e6 from \"{WIDE}\" where filiere = 'Gaz' and annee = 2019")
    assert 300 < gas.fetchall()[0][0] < 600, "TWh"
    codes = {row[0] for row in lake.execute(f'select distinct code_region from "{LONG}region"').fetchall()}
    assert {"01", "02", "03", "04"} < codes
    parts = lake.execute(
        f"""
        select annee <= 2017 as before, count(*) filter (where nom_commune like '%Arrondissement'),
            count(*) filter (where code_commune in ('75056', '69123', '13055'))
        from "{LONG}commune" group by all order by before
        """
    ).fetchall()
    assert parts[0][1] == parts[1][2] == 0
    assert min(parts[0][2], parts[1][1]) > 100
    secret = lake.execute(
        f"""
        select count(*), max(conso_totale_mwh) from "{LONG}commune" where nombre_de_mailles_secretisees > 0
            and code_commune not in ('75056', '69123', '13055')
        """
    ).fetchall()[0]
    assert secret[0] > 500
    assert secret[1] == 0


def test_thermosensitive_columns_agree_but_in_two_years(lake: duckdb.DuckDBPyConnection) -> None:
    agrees = lake.execute(
        f"""
        select annee, bool_and(
            abs(part_thermosensible / 100 * conso_totale_mwh - conso_totale_usages_thermosensibles_mwh)
                < 0.001 * conso_totale_mwh
        )
        from "{LONG}departement" where part_thermosensible is not null group by annee order by annee
        """
    ).fetchall()
    assert agrees == [(year, year not in (2020, 2021)) for year in range(2018, 2024)]


def test_enedis_yearly_and_half_hourly_files_agree_with_the_operators_rows(
    lake: duckdb.DuckDBPyConnection, class_days: pd.DataFrame
) -> None:
    apart = lake.execute(
        f"""
        with of_operator as (
            select annee, code_departement, sum(conso_totale_mwh) as mwh from "{LONG}departement"
            where operateur = 'Enedis' and filiere = 'Electricité' and annee <= 2017 group by all
        )
        select count(*), max(abs(mwh - (
            conso_totale_residentiel_mwh + conso_totale_professionnel_mwh + conso_totale_agriculture_mwh
            + conso_totale_industrie_mwh + conso_totale_tertiaire_mwh
        ))) from "{ENEDIS_YEARLY}" full join of_operator using (annee, code_departement)
        """
    ).fetchall()[0]
    assert apart[0] == 7 * 94
    assert apart[1] < 0.01
    homes = lake.execute(
        f"""
        select code_region as region_code, annee, sum(conso_totale_mwh) as mwh from "{LONG}region"
        where operateur = 'Enedis' and code_categorie_consommation = 'RES' group by all
        """
    ).df()
    days = class_days[class_days.client_type_code == "enedis_residential"].assign(annee=lambda d: d.date_day.dt.year)
    start, end = ((days.date_day + pd.Timedelta(days=d)).dt.tz_localize("Europe/Paris") for d in (0, 1))
    days["mwh"] = days.mw * (end - start).dt.total_seconds() / 3600
    both = days.groupby(["region_code", "annee"]).mwh.sum().reset_index().merge(homes, on=["region_code", "annee"])
    assert len(both) == 36
    assert (both.mwh_y / both.mwh_x - 1).abs().max() < 0.01, "but for one secret commune"


def test_what_is_delivered_is_a_part_of_the_load(lake: duckdb.DuckDBPyConnection) -> None:
    shares = (
        lake.execute(
            f"""
        with delivered as (
            select code_region as region_code, annee, sum(conso_totale_mwh) as mwh, sum(nombre_de_mailles_secretisees)
            from "{LONG}region" where filiere = 'Electricité' group by all
        ),
        loads as (
            select region_code, year(date_day) as annee, sum(load_mean_mw) * 24 as mwh from truth_days group by all
        )
        select delivered.mwh / loads.mwh from delivered inner join loads using (region_code, annee)
        """
        )
        .df()
        .iloc[:, 0]
    )
    assert len(shares) == 12 * 5
    assert shares.max() < 0.96
    assert shares.median() > 0.85


# --- people, dwellings, heat ------------------------------------------------------------------------------------------


def test_populations_add_up_and_large_cities_stand_as_arrondissements(lake: duckdb.DuckDBPyConnection) -> None:
    apart = lake.execute(
        """
        with communes as (
            select reg, dep, sum(pmun) as pmun, sum(ptot) as ptot from "populations-legales-communes" group by all
        )
        select
            (select count(*) from communes full join "populations-legales-departements" as d using (dep)
             where communes.pmun is distinct from d.pmun or communes.ptot is distinct from d.ptot),
            (select count(*) from (select reg, sum(pmun) as pmun from communes group by all) as c
             full join "populations-legales-regions" as r using (reg) where r.pmun is distinct from c.pmun),
            (select count(*) from "populations-legales-communes" where commune like '%Arrondissement'),
            (select count(*) from "populations-legales-communes" where com in ('75056', '69123', '13055'))
        """
    ).fetchall()[0]
    assert apart == (0, 0, 45, 0)
    assert lake.execute('select count(*), count(distinct reg) from "populations-legales-departements"').fetchall() == [
        (100, 17)
    ]


def test_levels_of_the_cube_add_up_without_merged_communes(lake: duckdb.DuckDBPyConnection) -> None:
    dims = "rp_measure, ocs, tdw, nrg_src, build_end"
    sums = lake.execute(
        f"""
        select {dims}, geo_object, sum(obs_value) filter (where obs_status <> 'K') as dwellings
        from "{CUBE}" where geo_object <> 'ARM' group by all
        """
    ).df()
    table = sums.pivot_table(index=dims.split(", "), columns="geo_object", values="dwellings")
    assert len(table) == 46
    assert (table.sub(table["FRANCE"], axis=0).abs().max() == 0).all()
    merged = lake.execute(f"select distinct geo from \"{CUBE}\" where obs_status = 'K'").df()
    assert set(merged.geo) == set(planted(lake, CUBE, "merged_commune").territory_code)
    inside = lake.execute(
        f"""
        select ocs, tdw, nrg_src, build_end,
            sum(obs_value) filter (where geo_object = 'ARM' and geo like '751%')
            - sum(obs_value) filter (where geo_object = 'COM' and geo = '75056') as apart
        from "{CUBE}" group by all having apart <> 0
        """
    ).fetchall()
    assert inside == []


def test_both_census_files_count_the_same_dwellings(lake: duckdb.DuckDBPyConnection) -> None:
    apart = lake.execute(
        f"""
        with records as (
            select commune as geo,
                sum(ipondl) as dwellings,
                sum(ipondl) filter (where catl = '1') as mains,
                sum(ipondl) filter (where catl = '1' and cmbl = '4') as electric,
                sum(ipondl) filter (where catl = '1' and typl = '1') as houses
            from "FD_LOGEMT" group by all
        ),
        cube as (
            select geo,
                max(obs_value) filter (where ocs = '_T' and tdw = '_T') as dwellings,
                max(obs_value) filter (where ocs = 'DW_MAIN' and tdw = '_T' and nrg_src = '_T' and build_end = '_T')
                    as mains,
                max(obs_value) filter (where nrg_src = 'ELC' and tdw = '_T') as electric,
                max(obs_value) filter (where ocs = 'DW_MAIN' and tdw = '1' and nrg_src = '_T' and build_end = '_T')
                    as houses
            from "{CUBE}" where geo_object = 'COM' and obs_status = 'A' and rp_measure = 'DWELLINGS' group by all
        )
        select count(*), count(records.geo), count(cube.geo),
            max(abs(records.dwellings - cube.dwellings)), max(abs(records.mains - cube.mains)),
            max(abs(records.electric - cube.electric)), max(abs(records.houses - cube.houses))
        from records full join cube using (geo)
        """
    ).fetchall()[0]
    assert apart[0] == apart[1] == apart[2] > 700
    assert max(apart[3:]) < 1e-6


def test_electrically_heated_homes_carry_the_residential_slope(lake: duckdb.DuckDBPyConnection) -> None:
    regions = lake.execute(
        """
        with communes as (
            select region_code, sum(heating_slope_mw_per_c) as slope, sum(electric_main_residences_count) as homes
            from truth_communes group by all
        )
        select c.region_code, slope, 1e6 * slope / homes as w_per_c,
            t.residential_heating_slope_all_networks_mw_per_c as expected, t.heating_slope_mw_per_c as of_enedis
        from communes as c inner join truth_client_types as t using (region_code)
        where t.client_type_code = 'enedis_residential'
        """
    ).df()
    assert len(regions) == 12
    assert np.allclose(regions.slope, regions.expected, rtol=1e-9, atol=0)
    assert (regions.of_enedis <= regions.expected * (1 + 1e-9)).all()
    assert regions.w_per_c.between(100, 350).all()
    counted = lake.execute(
        f"""
        select max(abs(obs_value - homes)), count(*) from "{CUBE}" inner join (
            select city_code as geo, sum(electric_main_residences_count) as homes from truth_communes group by all
        ) using (geo) where geo_object = 'COM' and nrg_src = 'ELC' and tdw = '_T' and obs_status = 'A'
        """
    ).fetchall()[0]
    assert counted[0] == 0
    assert counted[1] > 700


# --- weather, calendars -----------------------------------------------------------------------------------------------


def test_stations_are_their_region_shifted_by_altitude(lake: duckdb.DuckDBPyConnection) -> None:
    stations = lake.execute(
        f"""
        with means as (
            select s.num_poste, s.alti, d.reg, avg(try_cast(s.tm as double) - r.tmoy) as shift
            from "{STATIONS}" as s
            inner join truth_stations as t on s.num_poste = t.station_code
            inner join "populations-legales-departements" as d on t.departement_code = d.dep
            inner join "temperature-quotidienne-regionale" as r
                on d.reg = r.code_insee_region and s.aaaammjj = r.date
            group by all
        )
        select means.*, t.temperature_shift_c from means inner join truth_stations as t
            on means.num_poste = t.station_code
        """
    ).df()
    assert len(stations) == 2 * 96
    assert (stations["shift"] - stations.temperature_shift_c).abs().max() < 0.1
    inside = stations[["alti", "shift"]] - stations.groupby("reg")[["alti", "shift"]].transform("mean")
    lapse = 1_000 * (inside.alti * inside["shift"]).sum() / (inside.alti**2).sum()
    assert lapse == pytest.approx(-6.5, abs=0.5)


def test_synop_stations_have_the_mean_temperature_of_their_region(lake: duckdb.DuckDBPyConnection) -> None:
    """Eight observations of a UTC day average to the region's day plus the station's shift; losses are planted."""
    apart = lake.execute(
        f"""
        with days as (
            select numer_sta as station_code, date::date as day, avg(t::double) - 273.15 as celsius, count(t) as n
            from "{SYNOP}" group by all
        )
        select station_code, avg(celsius - r.tmoy - truth.temperature_shift_c)
        from days inner join truth_synop_stations as truth using (station_code)
        inner join '{SEEDS}/territories/synop_stations.csv' as s using (station_code)
        inner join "temperature-quotidienne-regionale" as r
            on s.region_code = r.code_insee_region and days.day = r.date
        where n = 8 group by all
        """
    ).fetchall()
    assert len(apart) == 42
    assert max(abs(shift) for _, shift in apart) < 0.1
    lost = lake.execute(
        f"""
        select count(*), count(*) filter (t is null), count(*) filter (n is null and numer_sta in (
            select numer_sta from "{SYNOP}" group by all having count(n) > 0
        )) from "{SYNOP}"
        """
    ).fetchall()
    # Four more are overseas.
    assert lost == [(46 * 8 * (365 * 5 + 1 + 31), 60, 60)]
    assert len(planted(lake, SYNOP, "value_unavailable")) == 4 * 60


def test_islands_draw_their_slopes(lake: duckdb.DuckDBPyConnection) -> None:
    """Corse in winter: its mean load on degrees, weekends apart, gives back what was planted; losses are planted."""
    (slope,) = lake.execute(
        f"""
        with days as (
            select (date_heure at time zone 'UTC' at time zone 'Europe/Paris')::date as day,
                avg(production_totale_mw) as mw
            from "{ISLANDS}" where territoire = 'Corse' group by all
        ), cold as (
            select date as day,
                greatest(15 - (tmoy + 0.5 * lag(tmoy) over d + 0.25 * lag(tmoy, 2) over d) / 1.75, 0) as degrees
            from "temperature-quotidienne-regionale" where code_insee_region = 94 window d as (order by date)
        )
        select regr_slope(mw - mean_mw, degrees - mean_degrees) from (
            select *, avg(mw) over kind as mean_mw, avg(degrees) over kind as mean_degrees
            from days inner join cold using (day)
            where month(day) in (12, 1, 2) window kind as (partition by isodow(day) >= 6)
        )
        """
    ).fetchall()[0]
    assert slope == pytest.approx(8.0, rel=0.1)
    counts = lake.execute(f'select count(*), count(*) - count(production_totale_mw) from "{ISLANDS}"').fetchall()
    assert counts == [(5 * 24 * (365 * 5 + 1), 60)]
    assert len(planted(lake, ISLANDS, "value_unavailable")) == 60


def test_certificates_lose_what_their_commune_does(lake: duckdb.DuckDBPyConnection) -> None:
    """Half as much again as the slope of an electric home, on average; losses that no home has are those planted."""
    (found,) = lake.execute(
        """
        select avg(deperditions_enveloppe) filter (not is_planted) / avg(slope) filter (not is_planted),
            count(*) filter (deperditions_enveloppe / surface_habitable_logement > 15), count(*) filter (is_planted)
        from (
            select *, c.numero_dpe in (
                    select territory_code from truth_source_defects where dataset_id = 'dpe03existant'
                ) as is_planted,
                1e6 * t.heating_slope_mw_per_c / t.electric_main_residences_count as slope
            from dpe03existant as c inner join truth_communes as t on c.code_insee_ban = t.commune_code
            where t.heating_slope_mw_per_c > 0
                and c.numero_dpe not in (select numero_dpe_remplace from dpe03existant where numero_dpe_remplace <> '')
        )
        """
    ).fetchall()
    assert found[0] == pytest.approx(1.5, abs=0.1)
    assert found[1] <= found[2] + 20


def test_areas_publish_the_slope_of_their_homes(lake: duckdb.DuckDBPyConnection) -> None:
    """kWh/DJU are 24 times kW/°C, times noise of meters; energy follows from degree days in the unit of its year."""
    area = "consommation-electrique-par-secteur-dactivite-commune"
    rows = lake.execute(
        f"""
        select annee, thermosensibilite_totale_kwh_dju / 24e3 / t.heating_slope_mw_per_c as ratio,
            conso_totale_usages_thermosensibles_mwh * 1e3 / (thermosensibilite_totale_kwh_dju * dju_a_tr) as unit
        from "{area}" as a
        inner join (
            select city_code, sum(heating_slope_mw_per_c) as heating_slope_mw_per_c from truth_communes group by all
        ) as t on a.code_commune = t.city_code
        where thermosensibilite_totale_kwh_dju is not null
        """
    ).df()
    years = sorted(rows.annee.unique())
    assert rows[rows.annee == years[1]].ratio.between(0.6, 1.6).all()
    assert rows[rows.annee == years[2]].unit.between(999, 1001).all()
    assert (rows.ratio > 50).sum() == len(planted(lake, area, "decimal_separator_lost")) == 20


def test_lists_of_territories_agree_with_those_who_consume(lake: duckdb.DuckDBPyConnection) -> None:
    """EPCI have the communes that consumption names; what a merged commune drew is what its successor's year lacks."""
    apart = lake.execute(
        """
        with members as (
            select code as epci, unnest(json_extract_string(membres, '$[*].code')) as commune
            from "decoupage-administratif-epci"
        )
        select count(*) filter (m.epci is distinct from c.code_epci), count(distinct commune)
        from members as m inner join "consommation-annuelle-d-electricite-et-gaz-par-commune" as c
            on m.commune = c.code_commune
        where c.annee = (select max(annee) from "consommation-annuelle-d-electricite-et-gaz-par-commune")
        """
    ).fetchall()
    assert apart[0][0] == 0
    assert apart[0][1] > 700
    listed = "select code from \"decoupage-administratif-communes\" where type = 'commune-actuelle'"
    assert lake.execute(
        f'select count(*) from "contours-administratifs-communes" anti join ({listed}) using (code)'
    ).fetchall() == [(0,)]
    merged = lake.execute(
        """
        select annee, count(*) filter (code_commune like '%971' and length(code_departement) = 2) as former,
            sum(nb_sites) filter (code_commune in ('01951', '01971')) as sites
        from "consommation-electrique-par-secteur-dactivite-commune"
        group by annee order by annee
        """
    ).fetchall()
    assert [bool(former) for _, former, _ in merged] == [True, False, False]
    assert merged[0][2] == pytest.approx(merged[1][2], rel=0.05)


def test_stations_lose_values_where_planted(lake: duckdb.DuckDBPyConnection) -> None:
    lost = planted(lake, STATIONS, "value_unavailable")
    for name in ("tn", "tx", "tm"):
        found = lake.execute(f'select num_poste, aaaammjj, {name}, q{name} from "{STATIONS}" where {name} is null').df()
        mine = lost[lost.column_name == name]
        assert set(zip(found.num_poste, found.aaaammjj, strict=True)) == set(
            zip(mine.territory_code, mine.date_day, strict=True)
        )
        assert found[f"q{name}"].isna().all()
    doubtful = lake.execute(f"select count(*) from \"{STATIONS}\" where qtm = '2'").fetchall()[0][0]
    assert 150 < doubtful <= 200


def test_school_holidays_are_those_of_the_zones(lake: duckdb.DuckDBPyConnection) -> None:
    """Read as the page of sources says: Paris days, pupils, one académie a zone."""
    lake.execute(f"create or replace view seed as from '{SEEDS}/calendar/school_holidays.csv'")
    apart = lake.execute(
        """
        with published as (
            select distinct right(zones, 1) as zone, unnest(generate_series(
                (start_date at time zone 'Europe/Paris')::date,
                (end_date at time zone 'Europe/Paris')::date - 1, interval 1 day
            ))::date as day
            from "fr-en-calendrier-scolaire" where zones like 'Zone%' and population <> 'Enseignants'
        ),
        known as (
            select school_zone_code as zone, unnest(generate_series(first_day, last_day, interval 1 day))::date as day
            from seed
        )
        select count(*), count(*) filter (where p.day is null or k.day is null)
        from (from published where day between '2018-01-01' and '2023-12-31') as p
        full join (from known where day between '2018-01-01' and '2023-12-31') as k using (zone, day)
        """
    ).fetchall()[0]
    assert apart[0] > 2_000
    assert apart[1] == 0
    rows = lake.execute(
        """
        select count(*) filter (where population = 'Enseignants'), count(*) filter (where zones = 'Corse'),
            count(*) filter (where start_date = end_date), count(distinct location),
            bool_and(strftime(start_date at time zone 'Europe/Paris', '%H:%M') = '00:00')
        from "fr-en-calendrier-scolaire"
        """
    ).fetchall()[0]
    assert min(rows[:3]) > 0
    assert rows[3] == 24 + 1 + 4
    assert rows[4] is True


def test_alsace_and_moselle_have_two_more_public_holidays(lake: duckdb.DuckDBPyConnection) -> None:
    years = lake.execute(
        """
        select count(*), min(m.n), max(m.n), min(a.n), max(a.n)
        from (select year(date) as y, count(*) as n from "jours-feries" group by y) as m
        full join (select year(date) as y, count(*) as n from "jours-feries-alsace-moselle" group by y) as a using (y)
        """
    ).fetchall()
    assert years == [(21, 11, 11, 13, 13)]
