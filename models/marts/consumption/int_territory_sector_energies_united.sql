-- A territory that is published for a year speaks for itself; one that is not is the sum of the level below.
with

energies as (

    select * from {{ ref('int_territory_sector_energies_summed') }}
    where is_used

),

final as (

    select
        * exclude (is_used, is_sum_of_lower_level, territory_coverage_share, is_not_split, has_required_parts),
        case
            -- Of a sum of which a part is secret, zero says nothing.
            when energy_observed_mwh = 0 and secret_meshes_count > 0 then null
            when has_required_parts then {{ total_if_whole('energy_observed_mwh', 'coverage_share') }}
        end as energy_mwh,
        case
            when not has_required_parts or not {{ is_whole('territory_coverage_share') }} then 'territory_in_part'
            when is_not_split and not {{ is_whole('coverage_share') }} then 'sector_not_split'
            when energy_excluded_mwh is not null then 'above_subscribed_power'
            when coalesce(energy_observed_mwh, 0) = 0 and secret_meshes_count > 0 then 'all_secret'
        end as consumption_correction_code
    from energies

)

select * from final
