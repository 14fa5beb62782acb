-- What homes of a département consume per site in a year, set against its own degree days: a slope of few points each.
with

consumptions as (select * from {{ ref('stg_enedis__annual_departement_consumptions') }}),

degree_days as (select * from {{ ref('int_departement_degree_days_summed') }}),

quantiles as (select * from {{ ref('student_t_quantiles') }}),

panel as (

    select
        consumptions.departement_code,
        consumptions.region_code,
        consumptions.calendar_year,
        consumptions.residential_delivery_points_count as delivery_points_count,
        1000 * consumptions.residential_energy_published_mwh / consumptions.residential_delivery_points_count
            as kwh_per_site,
        degree_days.heating_degree_days_c_day
    from consumptions
    inner join degree_days
        on
            consumptions.departement_code = degree_days.departement_code
            and consumptions.calendar_year = degree_days.calendar_year
    where
        degree_days.heating_degree_days_c_day is not null
        and consumptions.residential_delivery_points_count > 0
        and consumptions.residential_energy_published_mwh > 0

),

lines as (

    select
        departement_code,
        max(region_code) as region_code,
        min(calendar_year) as first_year,
        max(calendar_year) as last_year,
        count(*) as years_count,
        arg_max(delivery_points_count, calendar_year) as delivery_points_count,
        regr_slope(kwh_per_site, heating_degree_days_c_day) as slope_kwh_per_site,
        regr_intercept(kwh_per_site, heating_degree_days_c_day) as intercept_kwh_per_site,
        regr_sxx(kwh_per_site, heating_degree_days_c_day) as sxx
    from panel
    group by departement_code
    having count(*) >= 4 and regr_sxx(kwh_per_site, heating_degree_days_c_day) > 0

),

residuals as (

    select
        panel.departement_code,
        panel.calendar_year,
        lines.years_count,
        panel.kwh_per_site - lines.intercept_kwh_per_site
        - lines.slope_kwh_per_site * panel.heating_degree_days_c_day as residual_kwh_per_site
    from panel
    inner join lines on panel.departement_code = lines.departement_code

),

parted as (

    select
        *,
        -- What all départements share in a year (the economy, contracts, leap days) distinguishes none of them.
        residual_kwh_per_site - avg(residual_kwh_per_site) over (partition by calendar_year)
            as own_residual_kwh_per_site
    from residuals

),

spreads as (

    select
        departement_code,
        sum(pow(residual_kwh_per_site, 2)) / (max(years_count) - 2) as residual_variance
    from parted
    group by departement_code

),

own_spread as (

    -- Of all together: three degrees of freedom each would be few.
    select sum(pow(own_residual_kwh_per_site, 2)) / nullif(sum(1 - 2 / years_count), 0) as own_variance
    from parted

),

final as (

    select
        lines.departement_code,
        lines.region_code,
        lines.first_year,
        lines.last_year,
        lines.years_count,
        lines.delivery_points_count,
        -- 1 kWh per °C and day is 1/24 kW per °C.
        lines.slope_kwh_per_site * lines.delivery_points_count / 24 * 1000 as heating_slope_w_per_c,
        sqrt(spreads.residual_variance / lines.sxx) * lines.delivery_points_count / 24 * 1000
            as heating_slope_w_per_c_se,
        sqrt(own_spread.own_variance / lines.sxx) * lines.delivery_points_count / 24 * 1000
            as heating_slope_own_w_per_c_se,
        quantiles.quantile_975
    from lines
    inner join spreads on lines.departement_code = spreads.departement_code
    cross join own_spread
    inner join quantiles on lines.years_count - 2 = quantiles.degrees_of_freedom

)

select * from final
