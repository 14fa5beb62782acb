with

profiles as (

    select * from {{ ref('int_profile_energies_united') }}

),

final as (

    select
        region_code,
        period_start_at_utc,
        cast({{ paris_local_timestamp('period_start_at_utc') }} as date) as date_day,
        client_type_code,
        sum(load_published_mw) as load_mw,
        sum(load_published_mw) * 0.5 as energy_mwh,
        sum(delivery_points_count) as delivery_points_count,
        bool_or(is_simulated) as is_simulated
    from profiles
    group by all

)

select * from final
