"""The mistakes that the data tests must catch: one small change of the project each, as somebody could make it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mistake:
    """A text that stands once in a file, and what stands there after the mistake; `models` are those it changes."""

    name: str
    file: str
    correct: str
    wrong: str
    models: tuple[str, ...]

    def make(self, project: Path) -> None:
        """Make the mistake in a copy of the project; AssertionError where the text does not stand exactly once."""
        path = project / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.correct) == 1, f"{self.file} has `{self.correct}` {text.count(self.correct)} times"
        path.write_text(text.replace(self.correct, self.wrong), encoding="utf-8")


_LOADS = ("models/staging/odre/stg_odre__half_hourly_loads.sql", ("stg_odre__half_hourly_loads",))
_HALF_HOURS = ("models/core/fct_half_hourly_load.sql", ("fct_half_hourly_load",))
_A_DAY = "date '2021-02-10'"

_FORMS = "macros/ore.sql"
_ELECTRICITY = "        lower(strip_accents(energy_carrier_label_fr)) = 'electricite' as is_electricity,\n"
_LEVELS = ("region", "departement", "commune")
_LONG_FORMS = tuple(f"stg_ore__annual_{level}_consumptions" for level in (*_LEVELS, "epci"))
_WIDE_FORMS = tuple(f"stg_ore__wide_annual_{level}_consumptions" for level in _LEVELS)
_SECTORS = (
    "models/preparation/consumption/int_annual_sector_energies_united.sql",
    ("int_annual_sector_energies_united",),
)


def _in(place: tuple[str, tuple[str, ...]], name: str, correct: str, wrong: str) -> Mistake:
    file, models = place
    return Mistake(name, file, correct, wrong, models)


MISTAKES = (
    _in(
        _LOADS,
        "load times two",
        "consommation_brute_electricite_rte as load_published_mw",
        "2 * consommation_brute_electricite_rte as load_published_mw",
    ),
    _in(
        ("models/core/fct_daily_load.sql", ("fct_daily_load",)),
        "energy of a day times a half",
        "load_mean_mw * hours_in_local_day_count as energy_mwh",
        "load_mean_mw * hours_in_local_day_count * 0.5 as energy_mwh",
    ),
    _in(_HALF_HOURS, "half-hour taken for an hour", "load_mw * 0.5 as energy_mwh", "load_mw as energy_mwh"),
    _in(
        ("macros/energy.sql", ("consumption_by_period", "int_annual_energies_reconciled")),
        "energy of a period times a half",
        "then {{ load_mean_mw }} * {{ hours_in_period }} end",
        "then {{ load_mean_mw }} * {{ hours_in_period }} * 0.5 end",
    ),
    _in(
        _LOADS,
        "two regions swapped",
        "code_insee_region as region_code",
        "case code_insee_region when '44' then '93' when '93' then '44' else code_insee_region end as region_code",
    ),
    _in(
        _HALF_HOURS,
        "a day dropped",
        "select * from {{ ref('int_half_hourly_loads_flagged') }}",
        f"select * from {{{{ ref('int_half_hourly_loads_flagged') }}}} where date_day <> {_A_DAY}",
    ),
    _in(
        _HALF_HOURS,
        "a day doubled",
        "select * from {{ ref('int_half_hourly_loads_flagged') }}",
        f"""select * from {{{{ ref('int_half_hourly_loads_flagged') }}}}
        union all
        select * from {{{{ ref('int_half_hourly_loads_flagged') }}}} where date_day = {_A_DAY}""",
    ),
    _in(
        _LOADS,
        "`date` used for `date_heure`",
        "cast(period_start_at_local as date) as date_day",
        "cast(published_date_text as date) as date_day",
    ),
    _in(
        _LOADS,
        "phantom hours kept",
        "published_local_time <> {{ clock_time('period_start_at_local') }} as is_phantom_hour",
        "false as is_phantom_hour",
    ),
    _in(
        _LOADS,
        "gas added to the load",
        "consommation_brute_electricite_rte as load_published_mw",
        "consommation_brute_electricite_rte + coalesce(consommation_brute_gaz_totale, 0) as load_published_mw",
    ),
    _in(
        _LOADS,
        "load shifted by an hour",
        "date_heure as period_start_at_utc",
        "date_heure + interval 1 hour as period_start_at_utc",
    ),
    _in(
        (_FORMS, _LONG_FORMS),
        "kWh called MWh",
        "conso_totale_mwh as energy_published_mwh",
        "1000 * conso_totale_mwh as energy_published_mwh",
    ),
    _in(
        (_FORMS, _LONG_FORMS),
        "gas added to the consumption by sector",
        f"{_ELECTRICITY}        coalesce(energy_published_mwh",
        "        true as is_electricity,\n        coalesce(energy_published_mwh",
    ),
    _in(
        (_FORMS, _WIDE_FORMS),
        "gas added to the frozen consumption by sector",
        f"{_ELECTRICITY}        coalesce(\n",
        "        true as is_electricity,\n        coalesce(\n",
    ),
    _in(
        _SECTORS,
        "secret zero kept",
        "            when energy_observed_mwh = 0 and secret_meshes_count > 0 then null\n            else",
        "            when energy_observed_mwh is null then 0\n            else",
    ),
    _in(
        _SECTORS,
        "operators not summed",
        "        sum(case when not is_above_subscribed_power then energy_mwh end) as energy_observed_mwh,",
        "        max(case when not is_above_subscribed_power then energy_mwh end) as energy_observed_mwh,",
    ),
    _in(
        (
            "models/preparation/load/int_half_hourly_client_loads_summed.sql",
            ("int_half_hourly_client_loads_summed",),
        ),
        "total rows beside details",
        "    ('grand_total', 'is_power_band_total and is_sector_total'),\n",
        "    ('grand_total', 'true'),\n",
    ),
    _in(
        (
            "macros/codes.sql",
            (*_LONG_FORMS, *_WIDE_FORMS, "stg_insee__commune_populations", "stg_insee__departement_populations"),
        ),
        "a département's zero lost",
        "case when length({{ code }}) = 1 then '0' || {{ code }} else {{ code }} end",
        "ltrim({{ code }}, '0')",
    ),
)
