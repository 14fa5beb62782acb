-- A region's slope shared out to its areas by the calibrated key; parts add up to the region.
with

stocks as (select * from {{ ref('int_area_stocks_counted') }}),

calibrations as (select * from {{ ref('int_area_calibrations_fitted') }}),

anchors as (select * from {{ ref('int_region_slopes_anchored') }}),

keyed as (

    select
        stocks.*,
        overall.calibration_level_code,
        {%- for fit in ['overall', 'elsewhere'] %}
        -- A stock without electric heating adds little, not nothing nor less.
        greatest(
            {{ fit }}.base_w_per_c_per_dwelling * stocks.dwellings_count
            + {{ fit }}.house_w_per_c_per_m2 * stocks.electric_house_area_m2
            + {{ fit }}.flat_w_per_c_per_m2 * stocks.electric_flat_area_m2,
            0.05 * {{ fit }}.w_per_c_per_dwelling_mean * stocks.dwellings_count
        ) as predicted_{{ fit }}_w_per_c,
        {%- endfor %}
        anchors.heating_slope_mw_per_c as region_slope_mw_per_c
    from stocks
    left join calibrations as overall on overall.left_out_region_code = 'none'
    -- A region of which nothing was measured is left out of the whole fit already.
    left join calibrations as elsewhere on stocks.region_code = elsewhere.left_out_region_code
    left join anchors on stocks.region_code = anchors.region_code

),

shared as (

    select
        *,
        -- Without a measured area anywhere the key is electric floor area alone.
        coalesce(predicted_overall_w_per_c, electric_house_area_m2 + electric_flat_area_m2) as allocation_key
    from keyed

),

final as (

    select
        territory_level_code,
        territory_code,
        departement_code,
        region_code,
        epci_code,
        stock_source_code,
        is_base,
        is_simulated,
        dwellings_count,
        main_dwellings_count,
        electrically_heated_main_dwellings_count,
        floor_area_used_m2,
        flats_share,
        calibration_level_code,
        coalesce(predicted_elsewhere_w_per_c, predicted_overall_w_per_c) as predicted_elsewhere_w_per_c,
        1e6 * region_slope_mw_per_c * allocation_key
        / nullif(sum(allocation_key) over (partition by region_code, territory_level_code), 0)
            as allocated_slope_w_per_c
    from shared

)

select * from final
