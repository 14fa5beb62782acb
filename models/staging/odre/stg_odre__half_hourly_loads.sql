with

source as (select * from {{ source('odre', 'consommation_quotidienne_brute_regionale') }}),

renamed as (

    select
        code_insee_region as region_code,
        date_heure as period_start_at_utc,
        {{ paris_local_timestamp('date_heure') }} as period_start_at_local,
        date as published_date_text,
        heure as published_local_time,
        consommation_brute_electricite_rte as load_published_mw,
        statut_rte as load_status_label_fr,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated,
        coalesce(lower(flag_ignore) = 'oui', false) as is_ignored_by_publisher
    from source

),

flagged as (

    select
        region_code,
        period_start_at_utc,
        period_start_at_local,
        -- The day comes from the instant: the published `date` has day and month swapped in some vintages.
        cast(period_start_at_local as date) as date_day,
        published_date_text,
        published_local_time,
        load_published_mw,
        load_status_label_fr,
        is_ignored_by_publisher,
        -- In spring the publisher writes 02:00 and 02:30, which do not exist, on the instants of 03:00 and 03:30.
        published_local_time <> {{ clock_time('period_start_at_local') }} as is_phantom_hour,
        load_published_mw is null as is_value_missing,
        coalesce(published_date_text <> cast(cast(period_start_at_local as date) as varchar), false)
            as is_published_date_different,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from renamed

)

select * from flagged
