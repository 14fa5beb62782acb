{%- set build_periods = [
    ('Y_LT1919', 'built_before_1919'),
    ('Y1919T1945', 'built_1919_1945'),
    ('Y1946T1970', 'built_1946_1970'),
    ('Y1971T1990', 'built_1971_1990'),
    ('Y1991T2005', 'built_1991_2005'),
    ('Y2006TAAAA', 'built_since_2006'),
] -%}
{%- set floor_areas = [
    'under_30_m2', '30_to_39_m2', '40_to_59_m2', '60_to_79_m2', '80_to_99_m2', '100_to_119_m2', '120_m2_and_over'
] -%}
-- Melodi gives totals, types, fuels and periods of construction; floor areas lie in the census records alone.
with

observations as (select * from {{ ref('stg_melodi__housing_observations') }}),

published_records as (

    select
        *,
        -- The records do not always say their year: a census is published three years after its middle year.
        coalesce(census_year, year(_vintage_at) - 3) as surveyed_year
    from {{ ref('stg_insee__dwelling_records') }}

),

-- The column held three classes of floor area (under 40 m2, under 100 and above) before it held seven: a census in
-- which no dwelling has a code above 3 is of the former. The catalog says until when, and a file of another year does
-- not land.
censuses as (

    select
        surveyed_year,
        max(floor_area_published_code) filter (floor_area_published_code between '1' and '7') <= '3'
            as has_three_area_classes
    from published_records
    group by surveyed_year

),

-- Until 2016 the floor area is published of vacant and secondary dwellings too: it is counted of main ones alone.
records as (

    select
        published_records.* exclude (census_year, floor_area_code),
        published_records.surveyed_year as census_year,
        censuses.has_three_area_classes,
        case
            when published_records.floor_area_code = 'not_ordinary_dwelling' then 'not_ordinary_dwelling'
            when not published_records.is_main_residence then 'not_main_residence'
            else published_records.floor_area_code
        end as floor_area_code
    from published_records
    inner join censuses on published_records.surveyed_year = censuses.surveyed_year

),

tabulated as (

    select
        territory_code as commune_code,
        census_year,
        max(observed_value) filter (
            occupancy_published_code = '_T' and dwelling_type_published_code = '_T'
            and heating_fuel_published_code = '_T' and build_period_published_code = '_T'
        ) as dwellings_count,
        {%- for type, type_name in [('_T', ''), ('1', 'house_'), ('2', 'flat_')] %}
        {%- for fuel, fuel_name in [('_T', ''), ('ELC', 'electrically_heated_')] %}
        max(observed_value) filter (
            occupancy_published_code = 'DW_MAIN' and dwelling_type_published_code = '{{ type }}'
            and heating_fuel_published_code = '{{ fuel }}' and build_period_published_code = '_T'
        ) as {{ fuel_name }}main_{{ type_name }}dwellings_count,
        {%- endfor %}
        {%- endfor %}
        {%- for period, name in build_periods %}
        max(observed_value) filter (
            occupancy_published_code = 'DW_MAIN' and dwelling_type_published_code = '_T'
            and heating_fuel_published_code = '_T' and build_period_published_code = '{{ period }}'
        ) as main_dwellings_{{ name }}_count,
        {%- endfor %}
        bool_or(_is_simulated) as is_simulated
    from observations
    where territory_object_code = 'COM' and measure_code = 'DWELLINGS' and is_over_other_dimensions
    group by territory_code, census_year

),

surveyed as (

    select
        commune_code,
        census_year,
        sum(dwellings_count) as dwellings_count,
        {%- for type in ['house', 'flat', 'other'] %}
        coalesce(sum(dwellings_count) filter (dwelling_type_code = '{{ type }}'), 0) as {{ type }}_dwellings_count,
        {%- endfor %}
        coalesce(sum(dwellings_count) filter (is_main_residence), 0) as main_dwellings_count,
        coalesce(sum(dwellings_count) filter (is_main_residence and is_electric_heating), 0)
            as electrically_heated_main_dwellings_count,
        {%- for type in ['house', 'flat'] %}
        coalesce(sum(dwellings_count) filter (is_main_residence and dwelling_type_code = '{{ type }}'), 0)
            as main_{{ type }}_dwellings_count,
        coalesce(
            sum(dwellings_count) filter (
                is_main_residence and is_electric_heating and dwelling_type_code = '{{ type }}'
            ), 0
        ) as electrically_heated_main_{{ type }}_dwellings_count,
        {%- endfor %}
        {%- for area in floor_areas %}
        case
            when not has_three_area_classes
                then coalesce(sum(dwellings_count) filter (floor_area_code = '{{ area }}'), 0)
        end as main_dwellings_{{ area }}_count,
        {%- endfor %}
        coalesce(sum(dwellings_count) filter (floor_area_code = 'not_main_residence'), 0)
            as not_main_dwellings_count,
        coalesce(sum(dwellings_count) filter (floor_area_code = 'not_ordinary_dwelling'), 0)
            as not_ordinary_dwellings_count,
        case when has_three_area_classes then 'three_area_classes' end as floor_area_correction_code,
        bool_or(_is_simulated) as is_simulated
    from records
    group by commune_code, census_year, has_three_area_classes

),

counted as (

    select
        coalesce(tabulated.commune_code, surveyed.commune_code) as commune_code,
        coalesce(tabulated.census_year, surveyed.census_year) as census_year,
        {%- for measure in [
            'dwellings_count', 'main_dwellings_count', 'main_house_dwellings_count', 'main_flat_dwellings_count',
            'electrically_heated_main_dwellings_count', 'electrically_heated_main_house_dwellings_count',
            'electrically_heated_main_flat_dwellings_count',
        ] %}
        coalesce(tabulated.{{ measure }}, surveyed.{{ measure }}) as {{ measure }},
        {%- endfor %}
        {%- for period, name in build_periods %}
        tabulated.main_dwellings_{{ name }}_count,
        {%- endfor %}
        {%- for area in floor_areas %}
        surveyed.main_dwellings_{{ area }}_count,
        {%- endfor %}
        surveyed.floor_area_correction_code,
        surveyed.not_main_dwellings_count,
        surveyed.not_ordinary_dwellings_count,
        surveyed.house_dwellings_count,
        surveyed.flat_dwellings_count,
        surveyed.other_dwellings_count,
        coalesce(tabulated.is_simulated, surveyed.is_simulated) as is_simulated
    from tabulated
    full outer join surveyed
        on
            tabulated.commune_code = surveyed.commune_code
            and tabulated.census_year = surveyed.census_year

)

select * from counted
