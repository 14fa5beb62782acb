with

source as (select * from {{ source('melodi', 'ds_rp_logement_princ') }}),

renamed as (

    select
        geo as territory_code,
        geo_object as territory_object_code,
        time_period as census_year,
        rp_measure as measure_code,
        ocs as occupancy_published_code,
        tdw as dwelling_type_published_code,
        build_end as build_period_published_code,
        nrg_src as heating_fuel_published_code,
        -- A merged commune's value lies in the commune that it became part of.
        case when coalesce(obs_status, '') <> 'K' then obs_value end as observed_value,
        obs_value as observed_published_value,
        obs_status as observation_status_code,
        -- What is asked for no further is `_T`, all together: other rows are parts of these.
        l_stay = '_T' and carpark = '_T' and nor = '_T' and tsh = '_T' and cars = '_T' as is_over_other_dimensions,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

)

select * from renamed
