with

series as (

    select * from {{ ref('int_load_series_listed') }}
    where
        is_daily
        and territory_level_code = 'region'

),

sums as (select * from {{ ref('int_series_sums_listed') }}),

samples as (

    select * from {{ ref('int_samples_listed') }}
    where
        window_code = 'all'
        and left_out_kind_code in ('none', 'quarter')

),

-- A region is the sum of itself.
parts as (

    select
        series_code,
        series_code as sum_series_code,
        1 as regions_count
    from series
    union all
    select sums.*
    from sums
    inner join series using (series_code)

),

left_out as (

    select distinct
        parts.sum_series_code,
        samples.left_out_code
    from parts
    inner join samples using (series_code)

),

listed as (

    select
        parts.*,
        left_out.left_out_code,
        count(*) over (partition by parts.series_code, parts.sum_series_code) - 1 as quarters_count,
        coalesce(samples.left_out_code, 'none') as own_left_out_code
    from parts
    inner join left_out using (sum_series_code)
    left join samples using (series_code, left_out_code)

)

select * from listed
