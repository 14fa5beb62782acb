with

housing as (select * from {{ ref('fct_commune_housing') }}),

-- The newest census that speaks of it.
newest as (

    select *
    from housing
    where house_dwellings_count is not null
    qualify row_number() over (partition by commune_code order by census_year desc) = 1

),

final as (

    select
        commune_code as code_commune,
        house_dwellings_count as type_maison,
        flat_dwellings_count as type_appartement,
        other_dwellings_count as type_autres
    from newest

)

select * from final
