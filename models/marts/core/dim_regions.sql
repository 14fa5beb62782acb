with

regions as (

    select * from {{ ref('regions') }}

),

final as (

    select
        cast(region_code as varchar) as region_code,
        cast(region_label_fr as varchar) as region_label_fr,
        cast(school_zone_code as varchar) as school_zone_code,
        cast(is_load_published as boolean) as is_load_published
    from regions

)

select * from final
