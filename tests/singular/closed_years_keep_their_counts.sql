-- Detects rows lost or doubled in closed years of real data: where a year is held whole for as many territories as
-- when it was frozen, it has as many rows. A row is a fact and a year that changed; if its producer did change it,
-- freeze the new count with `dataelec freeze --reason ...`.
with

frozen as (select * from {{ ref('frozen_counts') }}),

found as (

    select
        'fct_half_hourly_load' as table_name,
        year(date_day) as calendar_year,
        count(distinct region_code) as territories_count,
        count(*) as rows_count,
        min(dayofyear(date_day)) = 1 and max(strftime(date_day, '%m-%d')) = '12-31' as is_whole,
        bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}
    group by all
    union all
    select
        'fct_daily_temperature' as table_name,
        year(temperatures.date_day) as calendar_year,
        count(distinct temperatures.region_code) as territories_count,
        count(temperatures.temperature_published_mean_c) as rows_count,
        min(dayofyear(temperatures.date_day)) = 1 and max(strftime(temperatures.date_day, '%m-%d')) = '12-31'
            as is_whole,
        any_value(provenance.is_simulated) as is_simulated
    from {{ ref('fct_daily_temperature') }} as temperatures
    inner join {{ ref('data_provenance') }} as provenance
        on provenance.dataset_code = 'temperature-quotidienne-regionale'
    where temperatures.temperature_source_code = 'published'
    group by all
    union all
    select
        'fct_annual_consumption' as table_name,
        calendar_year,
        count(distinct territory_code) as territories_count,
        count(*) as rows_count,
        true as is_whole,
        bool_or(is_simulated) as is_simulated
    from {{ ref('fct_annual_consumption') }}
    where territory_level_code = 'departement'
    group by all

),

off as (

    select
        found.table_name,
        found.calendar_year,
        frozen.rows_count as frozen_rows_count,
        found.rows_count as found_rows_count
    from found
    inner join frozen
        on
            found.table_name = frozen.table_name
            and found.calendar_year = frozen.calendar_year
            and found.territories_count = frozen.territories_count
    where
        found.is_whole
        and not found.is_simulated
        and found.rows_count <> frozen.rows_count

)

select * from off
