with

loads as (select * from {{ ref('int_half_hourly_client_loads_summed') }}),

final as (

    select
        region_code,
        period_start_at_utc,
        date_day,
        {{ clock_time(paris_local_timestamp('period_start_at_utc')) }} as local_time,
        client_type_code,
        load_mw,
        load_mw * 0.5 as energy_mwh,
        delivery_points_count,
        is_simulated
    from loads

)

select * from final
