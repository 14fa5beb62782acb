with

code_labels as (

    select * from {{ ref('code_labels') }}

),

client_types as (

    select * from {{ ref('client_types') }}

),

quality_reasons as (

    select * from {{ ref('quality_reasons') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

-- A season is its two years: no row to write when a new one begins.
seasons as (

    select distinct
        heating_season_start_year,
        cast(heating_season_start_year as varchar)
        || '-' || cast(heating_season_start_year + 1 as varchar) as years_label
    from dates

),

united as (

    select
        code_name,
        code,
        label_fr,
        label_en
    from code_labels
    union all
    select
        'client_type_code' as code_name,
        client_type_code as code,
        client_type_label_fr as label_fr,
        client_type_label_en as label_en
    from client_types
    union all
    select
        'quality_reason_code' as code_name,
        quality_reason_code as code,
        reason_label_fr as label_fr,
        reason_label_en as label_en
    from quality_reasons
    union all
    -- A value that is not used as it stands says why by the same code.
    select
        'correction_code' as code_name,
        quality_reason_code as code,
        reason_label_fr as label_fr,
        reason_label_en as label_en
    from quality_reasons
    union all
    select
        'window_code' as code_name,
        'season_' || cast(heating_season_start_year as varchar) as code,
        years_label as label_fr,
        years_label as label_en
    from seasons

),

final as (

    select
        cast(code_name as varchar) as code_name,
        cast(code as varchar) as code,
        cast(label_fr as varchar) as label_fr,
        cast(label_en as varchar) as label_en
    from united

)

select * from final
