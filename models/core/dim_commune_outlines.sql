with

outlines as (select * from {{ ref('stg_etalab__commune_outlines') }}),

final as (

    select
        commune_code,
        departement_code,
        territory_year,
        outline_geojson,
        _is_simulated as is_simulated
    from outlines
    qualify row_number() over (partition by commune_code order by territory_year desc nulls last) = 1

)

select * from final
