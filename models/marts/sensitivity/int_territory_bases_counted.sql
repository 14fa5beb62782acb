with

regions as (select * from {{ ref('dim_regions') }}),

dwellings as (

    -- Of several censuses the newest that is whole.
    select
        region_code,
        arg_max(electrically_heated_main_dwellings_count, census_year) as electrically_heated_main_dwellings_count
    from {{ ref('fct_region_housing') }}
    where electrically_heated_main_dwellings_count is not null
    group by region_code

),

regional as (

    select
        'region' as territory_level_code,
        regions.region_code as territory_code,
        regions.is_load_published,
        regions.school_zone_code is not null as is_metropolitan,
        regions.population_count,
        dwellings.electrically_heated_main_dwellings_count
    from regions
    left join dwellings using (region_code)

),

-- France is the regions whose load is published; a sum that lacks one is no total.
countries as (

    {% for level, code, condition in [
        ('country', 'FR', 'is_load_published'), ('country_with_corse', 'FR13', 'is_metropolitan')
    ] -%}
    select
        '{{ level }}' as territory_level_code,
        '{{ code }}' as territory_code,
        {% for measure in ['population_count', 'electrically_heated_main_dwellings_count'] -%}
        {{ sum_of_all(measure, 'count(*)') }} as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from regional
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    select * exclude (is_load_published, is_metropolitan) from regional
    union all
    select * from countries

)

select * from counted
