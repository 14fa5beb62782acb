with

series as (select * from {{ ref('int_load_series_listed') }}),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

-- Variants have the terms that are fitted to them.
{{ accumulated_products('daily', 'series.is_daily') }},

{{ accumulated_products('variants', 'not series.is_daily') }},

accumulated as (

    select
        *,
        true as is_daily
    from accumulated_daily
    union all by name
    select
        *,
        false as is_daily
    from accumulated_variants

),

day_groups as (

    select distinct
        day_group_number,
        season_regime_code,
        day_class_code,
        calendar_quarter_code,
        segment_start_on
    from days

),

final as (

    select
        day_groups.*,
        accumulated.* exclude (day_group_number)
    from accumulated
    inner join day_groups using (day_group_number)

)

select * from final
