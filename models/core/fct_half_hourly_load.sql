with

loads as (select * from {{ ref('int_half_hourly_loads_flagged') }}),

filled as (select * from {{ ref('int_half_hourly_loads_filled') }}),

final as (

    select
        loads.region_code,
        loads.period_start_at_utc,
        loads.date_day,
        {{ clock_time(paris_local_timestamp('loads.period_start_at_utc')) }} as local_time,
        loads.load_published_mw,
        loads.load_mw,
        filled.load_filled_mw,
        loads.load_mw * 0.5 as energy_mwh,
        cast(loads.exclusion_code as varchar) as load_correction_code,
        cast(filled.fill_method_code as varchar) as fill_method_code,
        loads.load_status_label_fr,
        loads._is_simulated as is_simulated
    from loads
    left join filled
        on
            loads.region_code = filled.region_code
            and loads.period_start_at_utc = filled.period_start_at_utc
    -- These rows duplicate the instant of another row; data_quality counts them.
    where coalesce(loads.exclusion_code not in ('phantom_hour', 'ignored_by_publisher'), true)

)

select * from final
