with

housing as (

    select * from {{ ref('fct_commune_housing') }}
    where electrically_heated_main_dwellings_count is not null

),

parts as (select * from {{ ref('dim_territory_parts') }}),

summed as (

    select
        departements.parent_code as region_code,
        housing.census_year,
        sum(housing.main_dwellings_count) as main_dwellings_count,
        sum(housing.electrically_heated_main_dwellings_count) as electrically_heated_main_dwellings_count,
        least(1, sum(communes.weight_share * departements.weight_share)) as coverage_share,
        bool_or(housing.is_simulated) as is_simulated
    from housing
    inner join parts as communes
        on
            communes.child_level_code = 'commune'
            and housing.commune_code = communes.child_code
            and communes.parent_level_code = 'departement'
    inner join parts as departements
        on
            departements.child_level_code = 'departement'
            and communes.parent_code = departements.child_code
            and departements.parent_level_code = 'region'
    group by departements.parent_code, housing.census_year

),

final as (

    select
        region_code,
        census_year,
        cast(coverage_share as double) as coverage_share,
        -- A subset of communes gives no total of the region.
        {{ total_if_whole('main_dwellings_count', 'coverage_share') }} as main_dwellings_count,
        {{ total_if_whole('electrically_heated_main_dwellings_count', 'coverage_share') }}
            as electrically_heated_main_dwellings_count,
        is_simulated
    from summed

)

select * from final
