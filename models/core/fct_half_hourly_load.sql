with

loads as (

    select * from {{ ref('int_half_hourly_loads_flagged') }}

),

final as (

    select
        region_code,
        period_start_at_utc,
        date_day,
        load_published_mw,
        load_mw,
        load_mw * 0.5 as energy_mwh,
        cast(exclusion_code as varchar) as load_correction_code,
        load_status_label_fr,
        _is_simulated as is_simulated
    from loads
    -- These rows stand on an instant that another row holds; data_quality counts them.
    where coalesce(exclusion_code not in ('phantom_hour', 'ignored_by_publisher'), true)

)

select * from final
