with

loads as (select * from {{ ref('stg_edf__hourly_island_loads') }}),

final as (

    select
        region_code,
        hour_start_at_utc,
        date_day,
        load_published_mw,
        case when not is_value_missing then load_published_mw end as load_mw,
        -- An hour's mean over an hour.
        case when not is_value_missing then load_published_mw end as energy_mwh,
        import_published_mw,
        load_status_label_fr,
        _is_simulated as is_simulated
    from loads
    where region_code is not null

)

select * from final
