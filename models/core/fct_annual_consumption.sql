with

energies as (select * from {{ ref('int_annual_sector_energies_united') }}),

territories as (select * from {{ ref('dim_territories') }}),

final as (

    select
        energies.territory_level_code,
        energies.territory_code,
        cast(energies.calendar_year as integer) as calendar_year,
        energies.client_type_code,
        energies.dataset_code,
        energies.energy_mwh,
        energies.energy_observed_mwh,
        energies.energy_excluded_mwh,
        energies.energy_published_mwh,
        energies.coverage_share,
        energies.consumption_correction_code,
        energies.delivery_points_count,
        energies.delivery_points_with_energy_count,
        energies.delivery_points_excluded_count,
        cast(energies.secret_meshes_count as bigint) as secret_meshes_count,
        cast(energies.secret_rows_count as bigint) as secret_rows_count,
        energies.source_rows_count,
        energies.is_simulated
    from energies
    -- Rows that lie in no territory (codes `XX` and `Fr`) stay in staging; data_quality counts them.
    semi join territories
        on
            energies.territory_level_code = territories.territory_level_code
            and energies.territory_code = territories.territory_code

)

select * from final
