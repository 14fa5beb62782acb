-- What the homes of each region add per °C: from Enedis's half-hours where held, else the sum of its départements'
-- panels.
with

sensitivities as (select * from {{ ref('weather_sensitivity') }}),

measured as (select * from {{ ref('int_area_slopes_measured') }}),

regions as (select * from {{ ref('dim_regions') }}),

departements as (select * from {{ ref('dim_departements') }}),

half_hours as (

    select
        territory_code as region_code,
        heating_slope_mw_per_c,
        heating_slope_mw_per_c_se,
        heating_slope_mw_per_c_ci95_low,
        heating_slope_mw_per_c_ci95_high
    from sensitivities
    where
        territory_level_code = 'region'
        and client_type_code = 'enedis_residential'
        and window_code = 'all'
        and specification_code = 'common'
        and heating_fit_status in ('qualified', 'degraded')

),

panels as (

    select
        departements.region_code,
        sum(measured.heating_slope_w_per_c) / 1e6 as heating_slope_mw_per_c,
        -- Errors of one region's départements are taken for one error: they share the years.
        sum(measured.heating_slope_w_per_c_se) / 1e6 as heating_slope_mw_per_c_se,
        max(measured.interval_quantile) as interval_quantile,
        count(measured.territory_code) as departements_measured_count,
        count(*) as departements_count
    from departements
    left join measured
        on
            departements.departement_code = measured.territory_code
            and measured.territory_level_code = 'departement'
    group by departements.region_code

),

final as (

    select
        regions.region_code,
        case
            when half_hours.region_code is not null then 'half_hours'
            when panels.departements_measured_count = panels.departements_count then 'yearly_panel'
        end as anchor_source_code,
        case
            when half_hours.region_code is not null then half_hours.heating_slope_mw_per_c
            when panels.departements_measured_count = panels.departements_count then panels.heating_slope_mw_per_c
        end as heating_slope_mw_per_c,
        case
            when half_hours.region_code is not null then half_hours.heating_slope_mw_per_c_se
            when panels.departements_measured_count = panels.departements_count then panels.heating_slope_mw_per_c_se
        end as heating_slope_mw_per_c_se,
        case
            when half_hours.region_code is not null then half_hours.heating_slope_mw_per_c_ci95_low
            when panels.departements_measured_count = panels.departements_count
                then panels.heating_slope_mw_per_c - panels.interval_quantile * panels.heating_slope_mw_per_c_se
        end as heating_slope_mw_per_c_ci95_low,
        case
            when half_hours.region_code is not null then half_hours.heating_slope_mw_per_c_ci95_high
            when panels.departements_measured_count = panels.departements_count
                then panels.heating_slope_mw_per_c + panels.interval_quantile * panels.heating_slope_mw_per_c_se
        end as heating_slope_mw_per_c_ci95_high,
        case
            when half_hours.region_code is not null then null
            when panels.departements_measured_count = panels.departements_count then null
            when panels.departements_measured_count > 0 then 'departements_missing'
            else 'no_region_slope'
        end as absence_reason_code
    from regions
    left join half_hours on regions.region_code = half_hours.region_code
    left join panels on regions.region_code = panels.region_code

)

select * from final
