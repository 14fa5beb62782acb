{%- set first_year, last_year, fewest_years, fewest_days_share, fewest_departements_share = 1991, 2020, 28, 0.9, 0.5 -%}
with

stations as (

    select * from {{ ref('stg_meteofrance__daily_station_temperatures') }}
    where
        temperature_min_quality_code <> 2
        and temperature_max_quality_code <> 2

),

-- By Météo-France's numbers.
departements as (

    select distinct
        region_code,
        case when departement_code in ('2A', '2B') then '20' else departement_code end as station_departement_code
    from {{ ref('departements') }}

),

-- Many stations tell the mean of the day, which was not measured everywhere before, otherwise than its ends.
station_days as (

    select
        departements.region_code,
        station_departement_code,
        stations.station_code,
        stations.date_day,
        (stations.temperature_min_c + stations.temperature_max_c) / 2 as temperature_mean_c
    from stations
    inner join departements using (station_departement_code)
    where
        stations.temperature_min_c is not null
        and stations.temperature_max_c is not null

),

{{ brought_to_published() }},

-- A few départements are not the region.
covered_days as (

    select
        station_days.region_code,
        station_days.date_day
    from station_days
    inner join departements using (region_code)
    where year(station_days.date_day) between {{ first_year }} and {{ last_year }}
    group by station_days.region_code, station_days.date_day
    having
        count(distinct station_days.station_departement_code)
        >= {{ fewest_departements_share }} * count(distinct departements.station_departement_code)

),

smoothed as (

    select
        region_code,
        date_day,
        lag(date_day, 2) over by_day as eve_day,
        {{ smoothed_temperature('brought_to_published.temperature_mean_c', 'by_day') }} as temperature_smoothed_c
    from brought_to_published
    inner join covered_days using (region_code, date_day)
    where brought_to_published.temperature_source_code = 'stations'
    window by_day as (partition by region_code order by date_day)

),

-- Without a gap among the three days.
gapless as (

    select
        region_code,
        date_day,
        temperature_smoothed_c,
        count(*) over (partition by region_code, year(date_day)) >= {{ fewest_days_share }} * 365 as is_of_year
    from smoothed
    where eve_day = date_day - 2

),

years as (

    select region_code
    from gapless
    where is_of_year
    group by region_code
    having count(distinct year(date_day)) >= {{ fewest_years }}

),

final as (

    select
        region_code,
        gapless.date_day,
        gapless.temperature_smoothed_c
    from gapless
    inner join years using (region_code)
    where gapless.is_of_year

)

select * from final
