"""A small warehouse with awkward names, the page built from it, and a Chromium that has no network."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dataelec.warehouse import Warehouse
from report.page import build_page
from research.project import PROJECT

SCRIPT = "<script>document.title='owned'</script>"
QUOTES = "\"Quoted\" & 'co' </script><img src=x onerror=\"document.title='owned'\">"
LONG = "Région-au-nom-interminable" * 6
RIGHT_TO_LEFT = "منطقة الشمال الفرنسي"
FORMULA = '=HYPERLINK("http://example.invalid")'
NAMES = {
    "11": "Île-de-France",
    "24": SCRIPT,
    "27": QUOTES,
    "28": LONG,
    "32": RIGHT_TO_LEFT,
    "44": FORMULA,
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d'Azur",
    "94": "Corse",
}
MADE_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
TABLES = """
    create schema core;
    create schema analysis;
    create table core.dim_labels as
        select * replace (case when code = 'working_day' then $quotes else label_fr end as label_fr)
        from read_csv('$seeds/labels/code_labels.csv', all_varchar = true)
        union all
        select 'calendar_kind_code', code, label_fr, label_en
        from read_csv('$seeds/labels/code_labels.csv', all_varchar = true)
        where code_name in ('day_class_code', 'school_holiday_code')
        union all
        select 'client_type_code', client_type_code, client_type_label_fr, client_type_label_en
        from read_csv('$seeds/clients/client_types.csv', all_varchar = true)
        union all
        select 'quality_reason_code', quality_reason_code, reason_label_fr, reason_label_en
        from read_csv('$seeds/quality/quality_reasons.csv', all_varchar = true)
        union all
        select 'quality_reason_code', 'invented_reason', 'Motif <b>inventé</b>', 'Invented <b>reason</b>'
        union all
        select 'window_code', window_code, label_fr, label_en
        from read_csv('$seeds/sensitivity/windows.csv', all_varchar = true)
        union all
        select 'specification_code', specification_code, label_fr, label_en
        from read_csv('$seeds/sensitivity/specifications.csv', all_varchar = true)
        union all
        select 'driver_code', driver_code, label_fr, label_en
        from read_csv('$seeds/sensitivity/drivers.csv', all_varchar = true)
        union all
        select 'temperature_band_code', temperature_band_code, label_fr, label_en
        from read_csv('$seeds/sensitivity/temperature_bands.csv', all_varchar = true)
        union all
        select 'cold_snap_code', cold_snap_code, label_fr, label_en
        from read_csv('$seeds/sensitivity/cold_snaps.csv', all_varchar = true);
    create table core.dim_regions as
        select region_code, region_label_fr, region_code <> '94' as is_load_published
        from names where region_code <> 'FR';
    create table core.dim_dates as
        select cast(day.range as date) as date_day, month(day.range) as calendar_month,
            isodow(day.range) as iso_weekday, 24 as hours_in_local_day_count,
            month(day.range) = 1 and day(day.range) = 1 as is_public_holiday
        from range(date '2021-01-01', date '2023-01-01', interval 1 day) as day;
    create table core.fct_daily_temperature as
        select region_code, date_day,
            12 - 11 * cos(2 * pi() * dayofyear(date_day) / 365) + (dayofyear(date_day) * 7 % 11 - 5) * 0.6
                as temperature_smoothed_c
        from core.dim_dates, core.dim_regions;
    create table core.fct_daily_load as
        select region_code, date_day, true as is_counted,
            3000 + 10 * cast(region_code as integer) + greatest(15 - temperature_smoothed_c, 0) * 100
                - case when iso_weekday > 5 then 300 else 0 end as load_mean_mw
        from core.fct_daily_temperature inner join core.dim_dates using (date_day)
        where region_code <> '94';
    create table core.fct_half_hourly_load as
        select region_code, date_day,
            timezone('Europe/Paris', cast(date_day as timestamp)) + to_minutes(30 * half_hour.range)
                as period_start_at_utc,
            load_mean_mw * (1 + 0.1 * sin(half_hour.range / 6.0)) as load_mw
        from core.fct_daily_load, range(0, 46, 2) as half_hour;
    create table core.fct_half_hourly_production as
        select region_code, date_day,
            timezone('Europe/Paris', cast(date_day as timestamp)) + to_minutes(30 * half_hour.range)
                as period_start_at_utc,
            case when region_code = '84' then 9000.0 else 500.0 end as nuclear_production_mw,
            100.5 as thermal_production_mw, 200.25 as wind_production_mw,
            cast(half_hour.range % 24 as double) as solar_production_mw, 300.0 as hydro_production_mw,
            10.0 as bioenergy_production_mw, nuclear_production_mw + 610.75 + solar_production_mw as production_mw,
            load_mean_mw as load_published_mw
        from core.fct_daily_load, range(48) as half_hour;
    create table core.fct_daily_exchange as
        select date_day, border_code, 1000.0 * (month(date_day) - 6) + 10 * length(border_code) as net_export_mwh,
            24 as hours_published_count, 24 as hours_in_local_day_count
        from core.dim_dates, (values ('gb'), ('cwe'), ('ch'), ('it'), ('es')) as borders(border_code);
    create table analysis.sensitivity_diagnostics as
        select region_code as territory_code, 'all' as client_type_code, choices.*,
            400.25 + cast(region_code as integer) - 10 * position as heating_slope_mw_per_c
        from core.dim_regions,
            (select 'slope_by_balance_point' as diagnostic_code, cast(range / 2 as varchar) as bin_code, range - 20
                as position
            from range(20, 39)
            union all
            values ('slope_by_temperature_memory', 'raw', 11), ('slope_by_temperature_memory', 'smoothed', 10))
                as choices
        where region_code <> '94';
    create table analysis.carbon_intensity as
        select factor_set_code, period_kind_code, period_year, period_of_year_code, 40.123 + factor + position
                as co2_intensity_g_per_kwh, 41.5 + position as co2_intensity_published_g_per_kwh
        from (values ('rte_current', 0), ('rte_2016', 13.21)) as factors(factor_set_code, factor),
            (values (2021), (2022)) as years(period_year),
            (select 'year' as period_kind_code, 'all' as period_of_year_code, 0 as position
            union all select 'month', lpad(range::varchar, 2, '0'), range from range(1, 13)
            union all select 'hour_of_day', lpad(range::varchar, 2, '0'), range from range(24)) as periods;
    create table analysis.consumption_by_client_type as
        with territories as (
            select case when region_code = 'FR' then 'country' else 'region' end as territory_level_code,
                region_code as territory_code, region_label_fr as territory_label_fr
            from names
            union all
            select 'departement', code, $quotes || code from (values ('01'), ('2A'), ('75')) as departements(code)
        ),
        client_types(client_type_code, nomenclature_code, client_factor) as (
            values ('all', 'all', 6.0), ('residential', 'ore_sector', 3.0), ('tertiary', 'ore_sector', 2.0),
                ('industry', 'ore_sector', 1.0), ('enedis_all', 'enedis_category', 4.0)
        )
        select *, 'year' as period_kind_code, 'all' as period_of_year_code, cast(year.range as integer) as period_year,
            $is_simulated as is_simulated,
            case when territory_code <> '2A' then 1234567.8 * client_factor end as energy_mwh,
            client_factor / 6 as energy_share_of_clients, 6.4321 * client_factor as energy_per_inhabitant_mwh,
            5.4321 * client_factor as energy_per_delivery_point_mwh, year.range = 2018 as is_break_on_year_before,
            0.1 as secrecy_share, cast(null as double) as coverage_share
        from territories, client_types, range(2016, 2022) as year;
    create table analysis.data_provenance as
        select region_code as dataset_code, region_label_fr as dataset_label_fr, region_label_fr as producer_label_fr,
            'Licence Ouverte' as licence_label_fr, region_code <> '94' as is_held, 1234567 as rows_count,
            date '2021-01-01' as first_day, date '2022-12-31' as last_day, $is_simulated as is_simulated,
            timestamptz '2023-02-03 04:05:06+00' as fetched_at
        from names;
    create table analysis.consumption_by_period as
        with periods(period_kind_code, period_year, period_of_year_code, period_factor) as (
            select 'year', year.range, 'all', 1.0 - 0.01 * (year.range - 2021) from range(2021, 2023) as year
            union all
            select 'month', year.range, lpad(cast(month.range as varchar), 2, '0'), 1.1 - 0.02 * month.range
            from range(2021, 2023) as year, range(1, 13) as month
        )
        select case when region_code = 'FR' then 'country' else 'region' end as territory_level_code,
            region_code as territory_code, region_label_fr as territory_label_fr, period_kind_code,
            cast(period_year as integer) as period_year, period_of_year_code, true as is_complete,
            $is_simulated as is_simulated, load_mean_mw,
            load_mean_mw * case when period_kind_code = 'year' then 8760 else 730 end as energy_mwh,
            case when period_year = 2022 then -1.0 end as energy_change_on_year_before_pct,
            load_mean_mw / 50000 as energy_share_of_country, load_mean_mw * 1.7 as load_peak_mw,
            timestamptz '2021-02-03 18:30:00+00' as load_peak_at_utc, 12.3 as temperature_mean_c
        from names, periods, lateral (
            select case when region_code = 'FR' then 50000.0 else 3000 + 10 * cast(region_code as integer) end
                * period_factor as load_mean_mw
        )
        where region_code <> '94';
    create table analysis.weather_corrected_load as
        select territory_code, period_kind_code, period_year, 365 as days_in_period_count, 364 as days_corrected_count,
            energy_mwh, energy_mwh - weather_effect_mwh as energy_at_normal_temperature_mwh, weather_effect_mwh,
            if(territory_code = 'FR', 'years_held', 'from_1991_to_2020') as normal_kind_code,
            weather_effect_mwh * 0.9 as weather_effect_mwh_ci95_low,
            weather_effect_mwh * 1.1 as weather_effect_mwh_ci95_high,
            -0.123 * (period_year - 2021) as energy_change_without_weather_pct,
            energy_change_without_weather_pct - 0.0456 as energy_change_without_weather_pct_ci95_low,
            energy_change_without_weather_pct + 0.0456 as energy_change_without_weather_pct_ci95_high
        from analysis.consumption_by_period,
            lateral (select energy_mwh * 0.0123 * (period_year - 2020) as weather_effect_mwh)
        where period_kind_code = 'year';
    create table analysis.weather_sensitivity as
        with windows(window_code, window_start_on, window_end_on, window_factor) as (
            values ('all', date '2021-01-01', date '2022-12-31', 1.0),
                ('before_2022_09_15', date '2021-01-01', date '2022-09-14', 1.02),
                ('since_2022_09_15', date '2022-09-15', date '2022-12-31', 0.93),
                ('season_2020', date '2021-01-01', date '2021-06-30', 1.04),
                ('season_2021', date '2021-07-01', date '2022-06-30', 0.98),
                ('season_2022', date '2022-07-01', date '2022-12-31', 0.9)
        ),
        specifications(specification_code, specification_factor) as (
            values ('common', 1.0), ('free', 0.97), ('season_adjusted', 0.71)
        ),
        slopes as (
            select *, case
                    when region_code = 'FR' then 1234.5678
                    when region_code <> '94' then 100 + 2.3456 * cast(region_code as integer)
                end * window_factor * specification_factor as slope
            from names, windows, specifications
        )
        select case when region_code = 'FR' then 'country' else 'region' end as territory_level_code,
            region_code as territory_code, region_label_fr as territory_label_fr, 'all' as client_type_code,
            false as is_load_partly_modelled, window_code, specification_code, $is_simulated as is_simulated,
            window_start_on, window_end_on,
            cast(date_diff('day', window_start_on, window_end_on) + 1 as integer) as days_expected_count,
            cast(date_diff('day', window_start_on, window_end_on) - 2 as integer) as days_used_count,
            case when slope is not null then slope * 21.7 end as load_mean_mw,
            slope as heating_slope_mw_per_c,
            slope * 0.91 as heating_slope_mw_per_c_ci95_low, slope * 1.09 as heating_slope_mw_per_c_ci95_high,
            100 / 21.7 + 0 * slope as heating_slope_pct_of_mean_load_per_c,
            case when slope is not null then 15.0 end as heating_balance_point_c,
            case
                when slope is null then 'insufficient_data'
                when window_code = 'season_2020' then 'not_identified'
                when window_code = 'season_2022' then 'degraded'
                else 'qualified'
            end as heating_fit_status,
            case when region_code not in ('94', '53') then slope * 0.3 end as cooling_slope_mw_per_c,
            case when region_code not in ('94', '53') then slope * 0.2 end as cooling_slope_mw_per_c_ci95_low,
            case when region_code not in ('94', '53') then slope * 0.4 end as cooling_slope_mw_per_c_ci95_high,
            case when region_code not in ('94', '53') then 22.0 end as cooling_balance_point_c,
            case
                when slope is null then 'insufficient_data' when region_code = '53' then 'not_identified'
                else 'degraded'
            end as cooling_fit_status,
            0.93 + 0 * slope as within_r2_share, 4.5 + 0 * slope as cv_rmse_pct,
            5.5 + 0 * slope as hold_out_cv_rmse_pct,
            case
                when slope is null then 'no_load_published'
                when region_code = '53' then 'cooling_interval_includes_zero' else 'cooling_interval_wide'
            end as fit_reason_codes
        from slopes;
    create table analysis.weather_sensitivity_hourly as
        select territory_level_code, territory_code, territory_label_fr, client_type_code, window_code,
            cast(hour.range as integer) as hour_of_day, is_simulated,
            heating_slope_mw_per_c * factor as heating_slope_mw_per_c,
            heating_fit_status, fit_reason_codes,
            factor as heating_hour_factor, factor - 0.0321 as heating_hour_factor_ci95_low,
            factor + 0.0321 as heating_hour_factor_ci95_high
        from analysis.weather_sensitivity, range(24) as hour,
            lateral (select 1 + 0.1234 * sin(hour.range / 3.0) as factor)
        where window_code = 'all' and specification_code = 'common' and heating_slope_mw_per_c is not null;
    create table analysis.sensitivity_change as
        select 'windows' as comparison_code, since.territory_level_code, 'all' as client_type_code,
            since.specification_code, before.territory_code as base_territory_code,
            before.window_code as base_window_code, since.territory_code, since.window_code, since.is_simulated,
            before.heating_fit_status as base_heating_fit_status, since.heating_fit_status,
            before.heating_slope_mw_per_c as base_heating_slope_mw_per_c,
            since.heating_slope_mw_per_c as heating_slope_mw_per_c,
            change as heating_slope_change_pct, change - 3.3 as heating_slope_change_pct_ci95_low,
            change + 3.3 as heating_slope_change_pct_ci95_high, abs(change) > 3.3 as is_change_significant
        from analysis.weather_sensitivity as since
        inner join analysis.weather_sensitivity as before using (territory_code, specification_code),
            lateral (select 100 * (since.heating_slope_mw_per_c / before.heating_slope_mw_per_c - 1) as change)
        where since.window_code = 'since_2022_09_15' and before.window_code = 'before_2022_09_15';
    insert into analysis.weather_sensitivity by name
        select sensitivity.* replace (
                categories.client_type_code as client_type_code, true as is_load_partly_modelled,
                heating_slope_mw_per_c * slope_factor as heating_slope_mw_per_c,
                heating_slope_mw_per_c_ci95_low * slope_factor as heating_slope_mw_per_c_ci95_low,
                heating_slope_mw_per_c_ci95_high * slope_factor as heating_slope_mw_per_c_ci95_high,
                case
                    when heating_slope_mw_per_c is not null and categories.client_type_code = 'enedis_enterprise'
                        then 'not_identified'
                    else heating_fit_status
                end as heating_fit_status
            )
        from analysis.weather_sensitivity as sensitivity,
            (values ('enedis_residential', 0.61), ('enedis_professional', 0.07), ('enedis_enterprise', 0.11))
                as categories(client_type_code, slope_factor);
    insert into analysis.consumption_by_client_type by name
        select territory_level_code, territory_code, territory_label_fr, categories.client_type_code,
            'enedis_category' as nomenclature_code, 'month' as period_kind_code,
            lpad(cast(month.range as varchar), 2, '0') as period_of_year_code, period_year, is_simulated,
            case when period_year <> 2021 or month.range <> 5 then energy_mwh * energy_factor / month.range end
                as energy_mwh,
            energy_factor / 0.8 as energy_share_of_clients, false as is_break_on_year_before,
            0.9876 as coverage_share
        from analysis.consumption_by_client_type, range(1, 13) as month,
            (values ('enedis_residential', 0.4), ('enedis_professional', 0.1), ('enedis_enterprise', 0.3))
                as categories(client_type_code, energy_factor)
        where analysis.consumption_by_client_type.client_type_code = 'all' and period_year >= 2020
            and territory_level_code <> 'departement' and territory_code <> '94';
    create table analysis.consumption_drivers as
        select case when region_code = 'FR' then 'country' else 'region' end as territory_level_code,
            region_code as territory_code, region_label_fr as territory_label_fr, 'all' as client_type_code,
            driver_code, $is_simulated as is_simulated, share as variance_share, share - 0.0321 as variance_share_least,
            share + 0.0321 as variance_share_greatest, share - 0.0234 as variance_share_ci95_low,
            share + 0.0234 as variance_share_ci95_high, share / 3 as energy_share,
            share / 3 - 0.0123 as energy_share_ci95_low, share / 3 + 0.0123 as energy_share_ci95_high,
            case when share is null then 'no_term' end as driver_reason_code
        from names, read_csv('$seeds/sensitivity/drivers.csv', all_varchar = true) as drivers,
            lateral (
                select case when driver_code <> 'wind' and region_code <> '94'
                    then 0.4567 / cast(driver_number as integer) end as share
            );
    create table analysis.response_curve as
        select sensitivity.territory_level_code, sensitivity.territory_code, sensitivity.territory_label_fr,
            sensitivity.client_type_code, 'all' as window_code, $is_simulated as is_simulated, temperature_band_code,
            cast(bands.lowest_temperature_c as double) as lowest_temperature_c,
            cast(bands.highest_temperature_c as double) as highest_temperature_c, cast(123 as integer) as days_count,
            response as response_mw_per_c, response - 23.456 as response_mw_per_c_ci95_low,
            response + 23.456 as response_mw_per_c_ci95_high,
            case when response is null then 'no_term' end as effect_reason_code
        from analysis.weather_sensitivity as sensitivity,
            read_csv('$seeds/sensitivity/temperature_bands.csv', all_varchar = true) as bands,
            lateral (
                select case when temperature_band_code <> 'from_18_to_22'
                    then heating_slope_mw_per_c * (coalesce(cast(highest_temperature_c as double), 30) - 20) / 15
                end as response
            )
        where window_code = 'all' and specification_code = 'common' and client_type_code = 'all'
            and heating_slope_mw_per_c is not null;
    create table analysis.calendar_effects as
        select territory_level_code, territory_code, territory_label_fr, client_type_code,
            kinds.code as calendar_kind_code, $is_simulated as is_simulated, cast(34 as integer) as days_count,
            effect as effect_mw, effect / 10 as effect_pct_of_mean_load,
            effect / 10 - 1.2345 as effect_pct_of_mean_load_ci95_low,
            effect / 10 + 1.2345 as effect_pct_of_mean_load_ci95_high,
            case when effect is null then 'too_few_days' end as effect_reason_code
        from analysis.weather_sensitivity,
            (values ('sunday', -123.4), ('public_holiday', -98.7), ('christmas_holidays', null)) as kinds(code, effect)
        where window_code = 'all' and specification_code = 'common' and client_type_code = 'all'
            and heating_slope_mw_per_c is not null;
    create table analysis.cold_snap_scenario as
        select territory_level_code, territory_code, territory_label_fr, cold_snap_code, $is_simulated as is_simulated,
            cast(temperature_c as double) as temperature_c, extra as extra_load_mw,
            extra * 0.9 as extra_load_mw_ci95_low, extra * 1.1 as extra_load_mw_ci95_high,
            cast(19 as integer) as peak_hour_of_day, extra * 1.2 as extra_peak_load_mw,
            cast(temperature_c as double) < -5 as is_outside_record, heating_fit_status, fit_reason_codes
        from analysis.weather_sensitivity,
            read_csv('$seeds/sensitivity/cold_snaps.csv', all_varchar = true) as snaps,
            lateral (select heating_slope_mw_per_c * (15 - cast(temperature_c as double)) as extra)
        where window_code = 'all' and specification_code = 'common' and client_type_code = 'all';
    create table analysis.overseas_sensitivity as
        select territory_code, territory_label_fr, slope as cooling_slope_mw_per_c,
            slope * 0.95 as cooling_slope_mw_per_c_ci95_low, slope * 1.05 as cooling_slope_mw_per_c_ci95_high,
            slope / 3 as cooling_slope_pct_of_mean_load_per_c, 300.4 as load_mean_mw, cooling_fit_status,
            fit_reason_codes
        from (values ('04', 'La <b>Réunion</b>', 10.123, 'qualified', ''),
                ('06', 'Mayotte', null, 'insufficient_data', 'no_load_published'))
            as overseas(territory_code, territory_label_fr, slope, cooling_fit_status, fit_reason_codes);
    create table core.dim_territories as
        select case when region_code = 'FR' then 'country' else 'region' end as territory_level_code,
            region_code as territory_code, region_label_fr as territory_label_fr
        from names;
    create table analysis.load_forecast as
        select territory_level_code, territory_code, date '2023-12-16' as issued_on,
            cast(horizon_days as integer) as horizon_days,
            date '2023-12-16' + cast(horizon_days as integer) as date_day,
            $is_simulated as is_simulated, 123456.7 * horizon_days as energy_forecast_mwh,
            energy_forecast_mwh * 0.9 as energy_forecast_mwh_ci80_low,
            energy_forecast_mwh * 1.1 as energy_forecast_mwh_ci80_high,
            energy_forecast_mwh * 0.8 as energy_forecast_mwh_ci95_low,
            energy_forecast_mwh * 1.2 as energy_forecast_mwh_ci95_high,
            case when horizon_days < 9 then energy_forecast_mwh * 1.05 end as energy_mwh
        from core.dim_territories, range(1, 15) as ahead(horizon_days)
        where territory_code <> '94';
    create table analysis.half_hourly_load_forecast as
        select territory_level_code, territory_code, date '2023-12-16' as issued_on, 1 as horizon_days,
            timestamptz '2023-12-16 23:00:00+00' + to_minutes(30 * number) as period_start_at_utc,
            date '2023-12-17' as date_day, $is_simulated as is_simulated,
            5432.1 + 100 * number as load_forecast_mw, load_forecast_mw * 0.95 as load_forecast_mw_ci80_low,
            load_forecast_mw * 1.05 as load_forecast_mw_ci80_high, load_forecast_mw * 0.9 as load_forecast_mw_ci95_low,
            load_forecast_mw * 1.1 as load_forecast_mw_ci95_high,
            case when number < 9 then load_forecast_mw + 12 end as load_mw
        from core.dim_territories, range(48) as of_day(number)
        where territory_code <> '94';
    create table analysis.forecast_score as
        select territory_level_code, territory_code, forecast_code, 1 as horizon_days, 'year' as period_kind_code,
            period_code, $is_simulated as is_simulated, days_count, error as mape_pct,
            error * 0.9 as level_corrected_mape_pct, error - 5 as bias_pct,
            case when forecast_code = 'dataelec' then error * 1.3 end as half_hourly_mape_pct,
            80.123 as coverage_80_pct, 94.567 as coverage_95_pct
        from core.dim_territories,
            (values ('dataelec', 1.2345), ('persistence', 9.8765)) as forecasts(forecast_code, error),
            (values ('2022', 365), ('2023', 17)) as years(period_code, days_count)
        where territory_code <> '94';
    create table analysis.insulation_priority as
        select level as territory_level_code, code as territory_code, $quotes || code as territory_label_fr,
            'residential' as client_type_code, $is_simulated as is_simulated,
            case when code = '2A' then 'allocated' else 'shrunk' end as estimate_code,
            123.4567 + position as loss_w_per_c_per_electric_dwelling,
            case when code <> '2A' then 1.2345 end as efficiency_ratio, 12.3456 / position as heating_slope_mw_per_c,
            0.9 / position as priority_score, cast(position as double) as priority_rank,
            1.0 as priority_rank_ci90_low, 3.0 as priority_rank_ci90_high, 3 as areas_ranked_count,
            0.5 as top_tenth_share, $quotes as priority_reason_fr, $quotes as priority_reason_en, 10.0 as saving_pct,
            19 as saving_hour_of_day, 0.0 as saving_temperature_c,
            case when code <> '2A' then 21.2345 end as peak_load_avoided_mw, 34.5678 as energy_avoided_gwh_per_year,
            12 as certificates_count, 234.5678 as certificate_heat_loss_mean_w_per_k, 0.1234 as certificate_f_g_share,
            case when code = '2A004' then 'efficiency_not_measured' end as priority_reason_codes
        from (values ('departement', '01', 1), ('departement', '2A', 2), ('departement', '75', 3),
            ('commune', '01001', 1), ('commune', '2A004', 2), ('epci', '200000001', 1)) as areas(level, code, position);
    create table core.dim_communes as
        select unnest(['01001', '01002', '01003', '2A004']) as commune_code,
            case when commune_code < '02' then '200000001' end as epci_code;
    create table core.dim_commune_outlines as
        select commune_code, left(commune_code, 2) as departement_code,
            '{"type":"Polygon","coordinates":[[[' || west || ',46],[' || west || ',45.9],[' || west + 0.1 || ',45.9],['
            || west + 0.1 || ',46],[' || west || ',46]]]}' as outline_geojson
        from (values ('01001', 5.0), ('01002', 5.1), ('2A004', 9.0)) as outlines(commune_code, west);
    create table analysis.area_sensitivity as
        select level as territory_level_code, code as territory_code, label as territory_label_fr,
            case when level = 'commune' then left(code, 2) end as parent_code, 'residential' as client_type_code,
            estimate_code, case when estimate_code = 'measured' and code <> '2A004' then 'meters' end
                as measurement_source_code,
            case when estimate_code = 'measured' then 2021 end as first_year,
            case when estimate_code = 'measured' then 2023 end as last_year,
            case when estimate_code <> 'measured' or code <> '2A004' then factor * 12.3456 / position end
                as heating_slope_mw_per_c,
            factor * 11.2345 / position as heating_slope_mw_per_c_ci95_low,
            factor * 13.4567 / position as heating_slope_mw_per_c_ci95_high,
            1000.4 * position as main_dwellings_count, 300.3 as electrically_heated_main_dwellings_count,
            case when code = '2A004' then 0.0 else 1.0 end as measured_share, null::varchar as estimate_reason_codes
        from (values ('commune', '01001', $quotes || 'L''Abergement-Clémenciat', 1),
                ('commune', '01002', 'Saint-Été', 9), ('commune', '01003', 'Éloise', 2),
                ('commune', '2A004', 'Ajaccio', 5), ('departement', '01', 'Ain', 3),
                ('epci', '200000001', 'CC de la Dombes', 7))
                as areas(level, code, label, position),
            (values ('measured', 1.1), ('allocated', 0.9), ('shrunk', 1.0), ('bottom_up', 1.4))
                as estimates(estimate_code, factor);
    create table analysis.data_quality as
        select 'region' as territory_level_code, region_code as territory_code, cast(2021 + year.range as integer)
                as calendar_year, 'dataset' as dataset_code, reason.*, energy_mwh, energy_mwh as energy_observed_mwh,
            energy_mwh * 0.9876 as energy_published_mwh,
            case when energy_mwh is not null then 100 * (1 / 0.9876 - 1) end as energy_difference_pct
        from names, range(2) as year,
            (values ('annual_energy_against_published', 'compared', null, 'year', 'Énergie annuelle comparée'),
                ('spike', 'excluded', 1234, 'half_hour', 'Pic isolé (détecté)'),
                ('invented_reason', 'excluded', 17, 'half_hour', 'Motif <b>inventé</b>'),
                ('temperature_missing', 'absent', 3, 'day', 'Température absente')
            ) as reason(quality_reason_code, treatment_code, affected_count, affected_unit_code, reason_label_fr),
            lateral (
                select case when reason.affected_count is null then 12345678.9 + year.range end as energy_mwh
            )
        where region_code not in ('94');
"""


def make_warehouse(database: Path, *, is_simulated: bool = True, without: tuple[str, ...] = ()) -> Path:
    """A database file with the marts that the page reads, save those named in `without`."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("create temp table names (region_code varchar, region_label_fr varchar)")
        connection.executemany("insert into names values (?, ?)", [*NAMES.items(), ("FR", "France (12 régions)")])
        tables = TABLES.replace("$is_simulated", str(is_simulated)).replace("$quotes", "'<b>' || 'Quoted'' '")
        tables = tables.replace("$seeds", str(PROJECT / "seeds"))
        for statement in tables.split(";"):
            if statement.strip():
                connection.execute(statement)
        for table in without:
            connection.execute(f"drop table {table}")
    return database


def page_of(database: Path, folder: Path, repository: str | None = None) -> Path:
    """The page of a database, written into a folder."""
    with Warehouse(database) as warehouse:
        page = folder / "index.html"
        page.write_text(build_page(warehouse, MADE_AT, repository=repository), "utf-8")
    return page


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_warehouse(tmp_path_factory.mktemp("small") / "small.duckdb")


@pytest.fixture(scope="session")
def page(small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(small_warehouse, tmp_path_factory.mktemp("page"))


class Browser:
    """A headless Chromium without a network, and the few moves that tests make in it."""

    def __init__(self, driver: Any, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads

    def open(self, page: Path, route: str = "", width: int = 1440) -> None:
        self.resize(width)
        self.driver.get("about:blank")
        self.driver.get(f"{page.as_uri()}#/{route}")
        self.settle()

    def go(self, route: str) -> None:
        """Change the address without loading the page again, as a link does."""
        self.run("location.hash = '#/' + arguments[0]", route)
        self.wait(lambda: self.run("return document.activeElement?.tagName") in ("H1", "ARTICLE") or not route)
        self.settle()

    def resize(self, width: int, scheme: str = "light") -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition: Any, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    def settle(self) -> None:
        """Until every chart in view is drawn; a chart that failed is a failure."""
        pending = (
            "return [...document.querySelectorAll('.edition:not([hidden]) .sheet:not([hidden]) .chart')]"
            ".filter((each) => each.offsetParent && each.dataset.drawn !== 'done').map((each) => each.dataset.drawn)"
        )
        self.wait(lambda: "failed" in (states := self.run(pending)) or not states)
        assert not self.run(pending)

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def routes(self) -> list[str]:
        """Permanent addresses of all screens, French then English."""
        routes: list[str] = self.run(
            "return [...document.querySelectorAll('.sheet')].map((each) => [each.closest('.edition').dataset.language"
            " === 'en' ? 'en' : '', each.dataset.route].filter(Boolean).join('/'))"
        )
        return routes

    def downloaded(self, name: str) -> bytes:
        path = self.downloads / name
        self.wait(path.is_file)
        content = path.read_bytes()
        path.unlink()
        return content


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium drives the browser")
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    downloads = tmp_path_factory.mktemp("downloads")
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
    driver.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    yield Browser(driver, downloads)
    driver.quit()
