-- The newest census of which a region's communes are held whole: years are not added, nor a part taken for the whole.
with

housing as (

    select * from {{ ref('fct_commune_housing') }}
    where electrically_heated_main_dwellings_count is not null

),

links as (

    select * from {{ ref('int_territory_links_weighted') }}

),

summed as (

    select
        regions.parent_code as region_code,
        housing.census_year,
        sum(housing.main_dwellings_count) as main_dwellings_count,
        sum(housing.electrically_heated_main_dwellings_count) as electrically_heated_main_dwellings_count,
        least(1, sum(communes.weight_share * regions.weight_share)) as coverage_share
    from housing
    inner join links as communes
        on
            communes.child_level_code = 'commune'
            and housing.commune_code = communes.child_code
            and communes.parent_level_code = 'departement'
    inner join links as regions
        on
            regions.child_level_code = 'departement'
            and communes.parent_code = regions.child_code
            and regions.parent_level_code = 'region'
    group by regions.parent_code, housing.census_year

),

newest as (

    select *
    from summed
    qualify
        row_number() over (
            partition by region_code order by {{ is_whole('coverage_share') }} desc, census_year desc
        ) = 1

),

final as (

    select
        region_code,
        census_year,
        coverage_share,
        {{ total_if_whole('main_dwellings_count', 'coverage_share') }} as main_dwellings_count,
        {{ total_if_whole('electrically_heated_main_dwellings_count', 'coverage_share') }}
            as electrically_heated_main_dwellings_count
    from newest

)

select * from final
