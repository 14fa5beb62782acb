with

injections as (select * from {{ ref('fct_daily_injection') }}),

final as (

    select
        date_day as date,  -- noqa: RF04
        region_code as code_region,
        filiere_label_fr as filiere,
        injection_mwh as injection_quot
    from injections

)

select * from final
