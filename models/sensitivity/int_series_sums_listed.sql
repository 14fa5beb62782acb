-- What each region is a part of: France, and France with Corse where Corse is held.
with

series as (select * from {{ ref('int_load_series_listed') }}),

listed as (

    select
        series_code,
        country_series_code as sum_series_code
    from series
    where
        territory_level_code = 'region'
        and country_series_code is not null
    union all
    select
        parts.series_code,
        sums.series_code as sum_series_code
    from series as parts
    inner join series as sums using (client_type_code, variant_code)
    where
        parts.territory_level_code = 'region'
        and sums.territory_level_code = 'country_with_corse'

),

counted as (

    select
        *,
        count(*) over (partition by sum_series_code) as regions_count
    from listed

)

select * from counted
