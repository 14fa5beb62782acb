with

source as (select * from {{ source('insee', 'fd_logemt') }}),

renamed as (

    select
        commune as commune_code,
        annee as census_year,
        -- The number of dwellings that the record stands for: a count of records is no count of dwellings.
        ipondl as dwellings_count,
        catl as occupancy_published_code,
        typl as dwelling_type_published_code,
        surf as floor_area_published_code,
        cmbl as heating_fuel_published_code,
        chfl as heating_system_published_code,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        *,
        occupancy_published_code = '1' as is_main_residence,
        case
            when dwelling_type_published_code = '1' then 'house'
            when dwelling_type_published_code = '2' then 'flat'
            when dwelling_type_published_code in ('3', '4', '5', '6') then 'other'
        end as dwelling_type_code,
        case floor_area_published_code
            when '1' then 'under_30_m2'
            when '2' then '30_to_39_m2'
            when '3' then '40_to_59_m2'
            when '4' then '60_to_79_m2'
            when '5' then '80_to_99_m2'
            when '6' then '100_to_119_m2'
            when '7' then '120_m2_and_over'
            when 'Y' then 'not_main_residence'
            when 'Z' then 'not_ordinary_dwelling'
        end as floor_area_code,
        heating_fuel_published_code = '4' as is_electric_heating
    from renamed

)

select * from flagged
