with

filled as (select * from {{ ref('int_half_hourly_loads_filled') }}),

regions as (select * from {{ ref('dim_regions') }}),

reasons as (select * from {{ ref('quality_reasons') }}),

final as (

    select
        'region' as territory_level_code,
        filled.region_code as territory_code,
        regions.region_label_fr as territory_label_fr,
        filled.period_start_at_utc,
        filled.date_day,
        {{ clock_time(paris_local_timestamp('filled.period_start_at_utc')) }} as local_time,
        filled.is_simulated,
        filled.load_published_mw,
        filled.load_filled_mw,
        filled.load_filled_mw * 0.5 as energy_filled_mwh,
        cast(filled.load_correction_code as varchar) as load_correction_code,
        cast(reasons.reason_label_fr as varchar) as reason_label_fr,
        cast(filled.fill_method_code as varchar) as fill_method_code,
        filled.gap_half_hours_count
    from filled
    inner join regions on filled.region_code = regions.region_code
    left join reasons on filled.load_correction_code = reasons.quality_reason_code

)

select * from final
