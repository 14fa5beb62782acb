with

dwellings as (select * from {{ ref('int_commune_dwellings_counted') }}),

final as (

    select * replace (cast(census_year as integer) as census_year)
    from dwellings

)

select * from final
