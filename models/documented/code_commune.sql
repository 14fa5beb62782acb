with

communes as (select * from {{ ref('dim_communes') }}),

final as (

    select
        commune_code as id_code_commune,
        commune_label_fr as nom_commune,
        population_count as population_commune,
        departement_code as code_departement
    from communes

)

select * from final
