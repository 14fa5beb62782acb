-- Detects records counted instead of weighted, totals counted beside their parts and a wrong fuel: parts stay within
-- their whole, floor areas and types add up to it, and a whole census holds as many dwellings as France has people
-- for: 0.4 to 0.75 an inhabitant, 20 to 50 % of main ones heated by electricity. A row is a commune or a census
-- outside.
with

housing as (select * from {{ ref('fct_commune_housing') }}),

communes as (select * from {{ ref('dim_communes') }}),

everybody as (

    select sum(population_count) as population_count from communes

),

censuses as (

    select
        housing.census_year,
        sum(housing.dwellings_count) as dwellings_count,
        sum(housing.main_dwellings_count) as main_dwellings_count,
        sum(housing.electrically_heated_main_dwellings_count) as electrically_heated_main_dwellings_count,
        sum(communes.population_count) as population_count
    from housing
    inner join communes on housing.commune_code = communes.commune_code
    where communes.population_count is not null and housing.dwellings_count is not null
    group by housing.census_year
    having sum(communes.population_count) > 0.9 * (select population_count from everybody)

),

off as (

    select
        commune_code,
        census_year
    from housing
    where
        main_dwellings_count > dwellings_count + 0.5
        or electrically_heated_main_dwellings_count > main_dwellings_count + 0.5
        or main_house_dwellings_count + main_flat_dwellings_count > main_dwellings_count + 0.5
        or not (
            house_dwellings_count + flat_dwellings_count + other_dwellings_count
        ) / nullif(dwellings_count, 0) between 0.97 and 1.03
        or not (
            main_dwellings_under_30_m2_count + main_dwellings_30_to_39_m2_count + main_dwellings_40_to_59_m2_count
            + main_dwellings_60_to_79_m2_count + main_dwellings_80_to_99_m2_count + main_dwellings_100_to_119_m2_count
            + main_dwellings_120_m2_and_over_count
        ) / nullif(main_dwellings_count, 0) between 0.97 and 1.03
        or not (
            main_dwellings_built_before_1919_count + main_dwellings_built_1919_1945_count
            + main_dwellings_built_1946_1970_count + main_dwellings_built_1971_1990_count
            + main_dwellings_built_1991_2005_count + main_dwellings_built_since_2006_count
        ) / nullif(main_dwellings_count, 0) between 0.8 and 1.01
    union all
    select
        'all' as commune_code,
        census_year
    from censuses
    where
        not dwellings_count / population_count between 0.4 and 0.75
        or not electrically_heated_main_dwellings_count / main_dwellings_count between 0.2 and 0.5

)

select * from off
