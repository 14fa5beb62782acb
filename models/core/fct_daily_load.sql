with

daily_loads as (

    select * from {{ ref('int_daily_loads_averaged') }}

),

final as (

    select
        region_code,
        date_day,
        cast(hours_in_local_day_count as integer) as hours_in_local_day_count,
        cast(half_hours_expected_count as integer) as half_hours_expected_count,
        cast(half_hours_published_count as integer) as half_hours_published_count,
        cast(half_hours_valid_count as integer) as half_hours_valid_count,
        load_mean_mw is not null as is_counted,
        load_mean_mw,
        load_mean_mw * hours_in_local_day_count as energy_mwh,
        energy_observed_mwh
    from daily_loads

)

select * from final
