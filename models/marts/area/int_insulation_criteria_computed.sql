-- What areas are ranked by, with the errors that a draw needs: loss per electric dwelling, efficiency, volume.
with

estimates as (select * from {{ ref('int_area_estimates_united') }}),

criteria as (

    select
        territory_level_code,
        territory_code,
        region_code,
        departement_code,
        epci_code,
        is_simulated,
        main_dwellings_count,
        electrically_heated_main_dwellings_count,
        measured_share,
        told_share,
        slope_w_per_c / nullif(electrically_heated_main_dwellings_count, 0) as loss_w_per_c_per_electric_dwelling,
        -- Only where a measurement tells something: what is shared out by the key uses by construction what the key
        -- predicts.
        case
            when told_share = 0 then null
            when territory_level_code = area_level_code then exp(area_log_shift)
            when told_share >= 0.5 then told_shrunk_w_per_c / told_allocated_w_per_c
        end as efficiency_ratio,
        slope_w_per_c / 1e6 as heating_slope_mw_per_c,
        sqrt(ln(1 + pow(own_se_w_per_c / slope_w_per_c, 2))) as own_log_se,
        sqrt(ln(1 + pow(told_own_se_w_per_c / told_shrunk_w_per_c, 2))) as efficiency_log_se,
        sqrt(ln(1 + pow(region_se_w_per_c / slope_w_per_c, 2))) as region_log_se
    from estimates
    where estimate_code = 'shrunk'

),

final as (

    select
        *,
        concat_ws(
            ',',
            case when own_log_se is null then 'error_unknown' end,
            case
                when coalesce(electrically_heated_main_dwellings_count, 0) < {{ var('insulation_fewest_dwellings') }}
                    then 'too_few_electric_dwellings'
            end
        ) as unranked_reason_codes
    from criteria

)

select * from final
