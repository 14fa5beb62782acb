with

temperatures as (select * from {{ ref('fct_daily_temperature') }}),

final as (

    select
        region_code || '-' || strftime(date_day, '%Y%m%d') as id_temp_quot,
        date_day as date,  -- noqa: RF04
        region_code as code_region,
        temperature_min_c as tmin,
        temperature_max_c as tmax,
        temperature_published_mean_c as tmoy
    from temperatures
    where temperature_published_mean_c is not null

)

select * from final
