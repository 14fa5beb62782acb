with

period_days as (select * from {{ ref('int_period_days_listed') }}),

territory_days as (select * from {{ ref('int_territory_days_united') }}),

hourly_loads as (select * from {{ ref('int_hourly_loads_averaged') }}),

regions as (select * from {{ ref('dim_regions') }}),

regions_published as (

    select count(*) as regions_count
    from regions
    where is_load_published

),

-- The people behind the load: France without the regions that have none.
populations as (

    select
        region_code as territory_code,
        population_count
    from regions
    where is_load_published
    union all
    select
        'FR' as territory_code,
        case when count(population_count) = count(*) then sum(population_count) end as population_count
    from regions
    where is_load_published

),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

-- Periods are listed whole, also where only a part of them has data: coverage says how much.
loads_of_periods as (

    select
        period_days.*,
        territory_days.load_mean_mw,
        territory_days.energy_observed_mwh,
        territory_days.load_completed_mean_mw,
        territory_days.energy_filled_mwh,
        territory_days.load_peak_mw,
        territory_days.load_peak_at_utc,
        territory_days.temperature_mean_c,
        -- Of equal peaks the first, so that builds are deterministic.
        row_number() over (
            partition by
                period_days.territory_level_code,
                period_days.territory_code,
                period_days.period_kind_code,
                period_days.period_year,
                period_days.period_of_year_code
            order by territory_days.load_peak_mw desc nulls last, territory_days.load_peak_at_utc asc
        ) as peak_rank
    from period_days
    left join territory_days
        on
            period_days.territory_code = territory_days.territory_code
            and period_days.date_day = territory_days.date_day

),

periods as (

    select
        territory_level_code,
        territory_code,
        period_kind_code,
        period_year,
        period_of_year_code,
        min(date_day) as period_start_on,
        max(date_day) as period_end_on,
        count(*) as days_in_period_count,
        sum(hours_in_local_day_count) as hours_in_period_count,
        count(load_mean_mw) as days_counted_count,
        avg(load_mean_mw) as load_mean_mw,
        sum(energy_observed_mwh) as energy_observed_mwh,
        count(load_completed_mean_mw) as days_completed_count,
        avg(load_completed_mean_mw) as load_completed_mean_mw,
        sum(energy_filled_mwh) as energy_filled_mwh,
        max(load_peak_mw) as load_peak_mw,
        max(case when peak_rank = 1 then load_peak_at_utc end) as load_peak_at_utc,
        avg(temperature_mean_c) as temperature_mean_c
    from loads_of_periods
    group by all
    having count(load_completed_mean_mw) > 0

),

country_hourly_loads as (

    select
        hourly_loads.date_day,
        hourly_loads.hour_of_day,
        sum(hourly_loads.load_mean_mw) as load_mean_mw
    from hourly_loads
    cross join regions_published
    group by hourly_loads.date_day, hourly_loads.hour_of_day
    having {{ sum_of_all('hourly_loads.load_mean_mw', 'max(regions_published.regions_count)') }} is not null

),

territory_hourly_loads as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        date_day,
        hour_of_day,
        load_mean_mw
    from hourly_loads
    union all by name
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        *
    from country_hourly_loads

),

-- Kinds of period that are told hour by hour of the clock as well, and what that is called.
hourly_kinds as (

    select
        'year' as whole_kind_code,
        'hour_of_day' as period_kind_code
    union all
    select
        'day_class' as whole_kind_code,
        'hour_and_day_class' as period_kind_code

),

hours as (select distinct hour_of_day from hourly_loads),

hours_of_periods as (

    select
        period_days.territory_level_code,
        period_days.territory_code,
        hourly_kinds.period_kind_code,
        period_days.period_year,
        concat_ws(
            '|',
            nullif(period_days.period_of_year_code, 'all'),
            lpad(cast(hours.hour_of_day as varchar), 2, '0')
        ) as period_of_year_code,
        min(period_days.date_day) as period_start_on,
        max(period_days.date_day) as period_end_on,
        count(*) as days_in_period_count,
        count(*) as hours_in_period_count,
        count(loads.load_mean_mw) as days_counted_count,
        avg(loads.load_mean_mw) as load_mean_mw,
        sum(loads.load_mean_mw) as energy_observed_mwh
    from period_days
    inner join hourly_kinds on period_days.period_kind_code = hourly_kinds.whole_kind_code
    cross join hours
    left join territory_hourly_loads as loads
        on
            period_days.territory_code = loads.territory_code
            and period_days.date_day = loads.date_day
            and hours.hour_of_day = loads.hour_of_day
    group by all
    having count(loads.load_mean_mw) > 0

),

unioned as (

    select * from periods
    union all by name
    select * from hours_of_periods

),

measured as (

    select
        *,
        days_counted_count / days_in_period_count as coverage_share,
        days_counted_count >= 0.95 * days_in_period_count as is_complete,
        {{ period_energy_mwh(
            'load_mean_mw', 'days_counted_count', 'days_in_period_count', 'hours_in_period_count'
        ) }} as energy_counted_mwh,
        {{ period_energy_mwh(
            'load_completed_mean_mw', 'days_completed_count', 'days_in_period_count', 'hours_in_period_count'
        ) }} as energy_completed_mwh
    from unioned

),

-- Where too few days count, those completed by filled half-hours are used, and their share is shown.
completed as (

    select
        * exclude (energy_counted_mwh, energy_completed_mwh),
        coalesce(energy_counted_mwh, energy_completed_mwh) as energy_mwh,
        case
            when energy_counted_mwh is not null then 0
            else least(1, energy_filled_mwh / energy_completed_mwh)
        end as energy_filled_share
    from measured

),

compared as (

    select
        measured.*,
        -- Day classes and school holidays fall on other days in other zones: no share of France there.
        case
            when measured.period_kind_code not in ('day_class', 'hour_and_day_class', 'school_holiday')
                then measured.energy_mwh / country.energy_mwh
        end as energy_share_of_country,
        100 * (measured.energy_mwh / year_before.energy_mwh - 1) as energy_change_on_year_before_pct
    from completed as measured
    left join completed as country
        on
            country.territory_level_code = 'country'
            and measured.period_kind_code = country.period_kind_code
            and measured.period_year = country.period_year
            and measured.period_of_year_code = country.period_of_year_code
    left join completed as year_before
        on
            measured.territory_code = year_before.territory_code
            and measured.period_kind_code = year_before.period_kind_code
            and measured.period_year = year_before.period_year + 1
            and measured.period_of_year_code = year_before.period_of_year_code

),

final as (

    select
        compared.territory_level_code,
        compared.territory_code,
        coalesce(regions.region_label_fr, 'France (12 régions)') as territory_label_fr,
        compared.period_kind_code,
        cast(compared.period_year as integer) as period_year,
        compared.period_of_year_code,
        compared.period_start_on,
        compared.period_end_on,
        coalesce(loads.is_simulated, false) as is_simulated,
        cast(compared.days_in_period_count as integer) as days_in_period_count,
        cast(compared.days_counted_count as integer) as days_counted_count,
        compared.coverage_share,
        compared.is_complete,
        compared.energy_mwh,
        compared.energy_observed_mwh,
        compared.energy_filled_share,
        compared.energy_share_of_country,
        cast(populations.population_count as integer) as population_count,
        compared.energy_mwh / nullif(populations.population_count, 0) as energy_per_inhabitant_mwh,
        compared.energy_change_on_year_before_pct,
        compared.load_mean_mw,
        compared.load_peak_mw,
        compared.load_peak_at_utc,
        cast({{ paris_local_timestamp('compared.load_peak_at_utc') }} as date) as load_peak_on,
        {{ clock_time(paris_local_timestamp('compared.load_peak_at_utc')) }} as load_peak_local_time,
        compared.load_mean_mw / compared.load_peak_mw as load_factor_share,
        compared.temperature_mean_c
    from compared
    cross join loads
    left join regions on compared.territory_code = regions.region_code
    left join populations on compared.territory_code = populations.territory_code

)

select * from final
