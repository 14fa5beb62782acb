with

temperatures as (select * from {{ ref('int_daily_temperatures_smoothed') }}),

final as (

    select
        region_code,
        date_day,
        temperature_min_c,
        temperature_max_c,
        temperature_published_mean_c,
        temperature_mean_c,
        cast(temperature_source_code as varchar) as temperature_source_code,
        cast(temperature_correction_code as varchar) as temperature_correction_code,
        temperature_smoothed_c
    from temperatures

)

select * from final
