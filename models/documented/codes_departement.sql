with

departements as (select * from {{ ref('dim_departements') }}),

final as (

    select
        departement_code as id_code_departement,
        departement_label_fr as nom_departement,
        population_count as population_departement,
        region_code as code_region
    from departements

)

select * from final
