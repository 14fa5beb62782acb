with

half_hours as (select * from {{ ref('fct_half_hourly_load') }}),

final as (

    select
        region_code || '-' || strftime(period_start_at_utc, '%Y%m%dT%H%MZ') as id_conso_quot,
        date_day as date,  -- noqa: RF04
        cast({{ paris_local_timestamp('period_start_at_utc') }} as time) as heure,
        region_code as code_region,
        energy_mwh as conso_electrique_brute_mwh
    from half_hours

)

select * from final
