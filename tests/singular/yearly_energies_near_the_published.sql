-- Detects a wrong factor, a mixed-in gas column or two regions swapped: energies of a year, from days, from
-- half-hours and as published by period, each lie within 6 % of the yearly total that the same publisher gives for
-- the region (the real files differ by up to 3.8 %), wherever nearly the whole year is there. A row is a region, a
-- year and a way to add it up that is off.
with

published as (

    select * from {{ ref('stg_odre__annual_consumptions') }}
    where energy_published_mwh > 0

),

from_days as (

    select
        'days' as added_up_from,
        region_code,
        cast(year(date_day) as integer) as calendar_year,
        sum(energy_mwh) as energy_mwh
    from {{ ref('fct_daily_load') }}
    group by all
    having count(energy_mwh) >= 355

),

from_half_hours as (

    select
        'half-hours' as added_up_from,
        region_code,
        cast(year(date_day) as integer) as calendar_year,
        sum(energy_mwh) as energy_mwh
    from {{ ref('fct_half_hourly_load') }}
    group by all
    having count(energy_mwh) >= 355 * 48

),

from_periods as (

    select
        'periods' as added_up_from,
        territory_code as region_code,
        period_year as calendar_year,
        energy_mwh
    from {{ ref('consumption_by_period') }}
    where territory_level_code = 'region' and period_kind_code = 'year' and energy_mwh is not null

),

added_up as (

    select * from from_days
    union all by name
    select * from from_half_hours
    union all by name
    select * from from_periods

),

off as (

    select
        added_up.*,
        published.energy_published_mwh
    from added_up
    inner join published
        on
            added_up.region_code = published.region_code
            and added_up.calendar_year = published.calendar_year
    where not added_up.energy_mwh / published.energy_published_mwh between 0.94 and 1.06

)

select * from off
