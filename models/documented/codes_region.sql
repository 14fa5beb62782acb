with

regions as (select * from {{ ref('dim_regions') }}),

final as (

    select
        region_code as id_code_region,
        region_label_fr as nom_region,
        population_count as population_region,
        school_zone_code as zone_vac_scolaires
    from regions

)

select * from final
