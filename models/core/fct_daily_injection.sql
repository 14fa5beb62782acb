with

injections as (select * from {{ ref('stg_odre__daily_injections') }}),

-- A row for each power band: the day's injection of a filière is the sum over them.
final as (

    select
        region_code,
        date_day,
        filiere_label_fr,
        sum(injection_mwh) as injection_mwh,
        sum(injection_points_count) as injection_points_count,
        count(*) as source_rows_count,
        bool_or(_is_simulated) as is_simulated
    from injections
    group by all

)

select * from final
