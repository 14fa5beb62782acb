with

exchanges as (select * from {{ ref('stg_odre__hourly_commercial_exchanges') }}),

by_border as (

    {% for border in ['gb', 'cwe', 'ch', 'it', 'es'] -%}
    select
        date_day,
        '{{ border }}' as border_code,
        -- Imports are published as negative numbers.
        sum(export_to_{{ border }}_published_mwh) as export_mwh,
        -sum(import_from_{{ border }}_published_mwh) as import_mwh,
        count(*) as hours_published_count,
        bool_or(_is_simulated) as is_simulated
    from exchanges
    group by date_day
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        date_day,
        border_code,
        export_mwh,
        import_mwh,
        export_mwh - import_mwh as net_export_mwh,
        hours_published_count,
        cast({{ hours_in_local_day('date_day') }} as integer) as hours_in_local_day_count,
        is_simulated
    from by_border

)

select * from final
