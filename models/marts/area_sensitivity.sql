with

estimates as (select * from {{ ref('int_area_estimates_united') }}),

measured as (select * from {{ ref('int_area_slopes_measured') }}),

anchors as (select * from {{ ref('int_region_slopes_anchored') }}),

stocks as (select * from {{ ref('int_area_stocks_counted') }}),

certificates as (select * from {{ ref('int_area_certificates_averaged') }}),

territories as (select * from {{ ref('dim_territories') }}),

successors as (select * from {{ ref('int_commune_successors_resolved') }}),

labels as (

    select
        code as estimate_code,
        label_fr as estimate_label_fr,
        label_en as estimate_label_en
    from {{ ref('code_labels') }}
    where code_name = 'estimate_code'

),

sensitivities as (select * from {{ ref('weather_sensitivity') }}),

lake as (

    select coalesce(bool_or(is_simulated), false) as is_simulated from sensitivities

),

asked as (

    select
        territories.*,
        labels.estimate_code,
        labels.estimate_label_fr,
        labels.estimate_label_en
    from territories
    cross join labels
    where
        territories.territory_level_code in ('departement', 'epci', 'commune')
        -- A region is shared out, not a share.
        or (territories.territory_level_code = 'region' and labels.estimate_code = 'measured')

),

measurements as (

    select
        territory_level_code,
        territory_code,
        measurement_source_code,
        first_year,
        last_year,
        years_count,
        heating_slope_w_per_c / 1e6 as heating_slope_mw_per_c,
        heating_slope_w_per_c_se / 1e6 as heating_slope_mw_per_c_se,
        (heating_slope_w_per_c - interval_quantile * heating_slope_w_per_c_se) / 1e6
            as heating_slope_mw_per_c_ci95_low,
        (heating_slope_w_per_c + interval_quantile * heating_slope_w_per_c_se) / 1e6
            as heating_slope_mw_per_c_ci95_high,
        cast(null as varchar) as absence_reason_code
    from measured
    union all by name
    select
        'region' as territory_level_code,
        region_code as territory_code,
        anchor_source_code as measurement_source_code,
        heating_slope_mw_per_c,
        heating_slope_mw_per_c_se,
        heating_slope_mw_per_c_ci95_low,
        heating_slope_mw_per_c_ci95_high,
        absence_reason_code
    from anchors

),

shrunk_estimates as (

    select *
    from estimates
    where estimate_code = 'shrunk'

),

homes as (

    -- Electric homes of each place: its own stock's, else what its communes' sum to.
    select
        coalesce(stocks.territory_level_code, estimates.territory_level_code) as territory_level_code,
        coalesce(stocks.territory_code, estimates.territory_code) as territory_code,
        coalesce(
            stocks.electrically_heated_main_dwellings_count, estimates.electrically_heated_main_dwellings_count
        ) as electric_homes_count
    from stocks
    full outer join shrunk_estimates as estimates
        on
            stocks.territory_level_code = estimates.territory_level_code
            and stocks.territory_code = estimates.territory_code

),

certified as (

    select
        certificates.territory_level_code,
        certificates.territory_code,
        certificates.certificate_heat_loss_mean_w_per_k * homes.electric_homes_count / 1e6 as slope_mw_per_c,
        certificates.certificate_heat_loss_mean_w_per_k_se * homes.electric_homes_count / 1e6 as slope_mw_per_c_se
    from certificates
    inner join homes
        on
            certificates.territory_level_code = homes.territory_level_code
            and certificates.territory_code = homes.territory_code

),

joined as (

    select
        asked.territory_level_code,
        asked.territory_code,
        asked.territory_label_fr,
        asked.parent_level_code,
        asked.parent_code,
        case
            when asked.territory_level_code = 'region' then asked.territory_code
            else estimates.region_code
        end as region_code,
        asked.estimate_code,
        asked.estimate_label_fr,
        asked.estimate_label_en,
        measurements.measurement_source_code,
        measurements.first_year,
        measurements.last_year,
        measurements.years_count,
        case asked.estimate_code
            when 'bottom_up' then certified.slope_mw_per_c
            when 'measured' then measurements.heating_slope_mw_per_c
            else estimates.slope_w_per_c / 1e6
        end as heating_slope_mw_per_c,
        case asked.estimate_code
            when 'bottom_up' then certified.slope_mw_per_c_se
            when 'measured' then measurements.heating_slope_mw_per_c_se
            else estimates.slope_w_per_c_se / 1e6
        end as heating_slope_mw_per_c_se,
        -- What is shared out is positive: its interval is one of factors.
        case asked.estimate_code
            when 'bottom_up' then certified.slope_mw_per_c - 1.959964 * certified.slope_mw_per_c_se
            when 'measured' then measurements.heating_slope_mw_per_c_ci95_low
            else estimates.slope_w_per_c / 1e6
                * exp(-1.959964 * sqrt(ln(1 + pow(estimates.slope_w_per_c_se / estimates.slope_w_per_c, 2))))
        end as heating_slope_mw_per_c_ci95_low,
        case asked.estimate_code
            when 'bottom_up' then certified.slope_mw_per_c + 1.959964 * certified.slope_mw_per_c_se
            when 'measured' then measurements.heating_slope_mw_per_c_ci95_high
            else estimates.slope_w_per_c / 1e6
                * exp(1.959964 * sqrt(ln(1 + pow(estimates.slope_w_per_c_se / estimates.slope_w_per_c, 2))))
        end as heating_slope_mw_per_c_ci95_high,
        coalesce(stocks.main_dwellings_count, estimates.main_dwellings_count) as main_dwellings_count,
        coalesce(
            stocks.electrically_heated_main_dwellings_count, estimates.electrically_heated_main_dwellings_count
        ) as electrically_heated_main_dwellings_count,
        estimates.measured_share,
        measurements.absence_reason_code,
        stocks.territory_code is not null as has_stock,
        successors.commune_code is not null as is_merged,
        coalesce(estimates.is_simulated, lake.is_simulated) as is_simulated
    from asked
    cross join lake
    left join measurements
        on
            asked.estimate_code = 'measured'
            and asked.territory_level_code = measurements.territory_level_code
            and asked.territory_code = measurements.territory_code
    left join estimates
        on
            asked.territory_level_code = estimates.territory_level_code
            and asked.territory_code = estimates.territory_code
            and case when asked.estimate_code in ('measured', 'bottom_up') then 'shrunk' else asked.estimate_code end
            = estimates.estimate_code
    left join certified
        on
            asked.estimate_code = 'bottom_up'
            and asked.territory_level_code = certified.territory_level_code
            and asked.territory_code = certified.territory_code
    left join successors
        on asked.territory_level_code = 'commune' and asked.territory_code = successors.former_commune_code
    left join stocks
        on
            asked.territory_level_code = stocks.territory_level_code
            and asked.territory_code = stocks.territory_code

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        parent_level_code,
        parent_code,
        region_code,
        'residential' as client_type_code,
        cast(estimate_code as varchar) as estimate_code,
        cast(estimate_label_fr as varchar) as estimate_label_fr,
        cast(estimate_label_en as varchar) as estimate_label_en,
        measurement_source_code,
        cast(first_year as integer) as first_year,
        cast(last_year as integer) as last_year,
        cast(years_count as integer) as years_count,
        is_simulated,
        heating_slope_mw_per_c,
        heating_slope_mw_per_c_se,
        heating_slope_mw_per_c_ci95_low,
        heating_slope_mw_per_c_ci95_high,
        1e6 * heating_slope_mw_per_c / nullif(electrically_heated_main_dwellings_count, 0)
            as heating_slope_w_per_c_per_electric_dwelling,
        main_dwellings_count,
        electrically_heated_main_dwellings_count,
        measured_share,
        concat_ws(
            ',',
            absence_reason_code,
            case
                when heating_slope_mw_per_c is not null or territory_level_code = 'region' then null
                when is_merged then 'commune_merged'
                when estimate_code = 'measured' then 'not_measured'
                when estimate_code = 'bottom_up' then 'too_few_certificates'
                when territory_level_code = 'commune' and not has_stock then 'no_housing'
                when region_code is null then 'no_share'
            end,
            case
                when heating_slope_mw_per_c is not null and heating_slope_mw_per_c_se is null then 'error_unknown'
            end,
            case
                when estimate_code = 'shrunk' and heating_slope_mw_per_c is not null and measured_share = 0
                    then 'nothing_measured_here'
            end
        ) as estimate_reason_codes
    from joined

)

select * from final
