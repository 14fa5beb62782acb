{#- Fewer measured areas than that calibrate nothing. -#}
{%- set fewest_areas = 20 -%}
{%- set products = [
    'one', 'house', 'flat', 'slope', 'house_house', 'house_flat', 'flat_flat', 'house_slope', 'flat_slope'
] -%}
-- What a dwelling, a m² of electric house and a m² of electric flat add per °C, by least squares over measured areas;
-- and again without each region, to judge the key where it was not fitted.
with

stocks as (select * from {{ ref('int_area_stocks_counted') }}),

measured as (select * from {{ ref('int_area_slopes_measured') }}),

areas as (

    select
        stocks.territory_level_code,
        stocks.region_code,
        1.0 as one,
        stocks.electric_house_area_m2 / stocks.dwellings_count as house,
        stocks.electric_flat_area_m2 / stocks.dwellings_count as flat,
        measured.heating_slope_w_per_c / stocks.dwellings_count as slope
    from stocks
    inner join measured
        on
            stocks.territory_level_code = measured.territory_level_code
            and stocks.territory_code = measured.territory_code
    where stocks.dwellings_count > 0

),

-- The finest level of which enough is measured.
levels as (

    select territory_level_code
    from areas
    group by territory_level_code
    having count(*) >= {{ fewest_areas }}
    order by case territory_level_code when 'commune' then 1 else 2 end
    limit 1

),

by_region as (

    select
        areas.territory_level_code,
        areas.region_code
        {%- for name in products %},
        sum({{ name.split('_') | join(' * ') }}) as {{ name }}_sum
        {%- endfor %}
    from areas
    inner join levels on areas.territory_level_code = levels.territory_level_code
    group by all

),

totals as (

    select
        territory_level_code
        {%- for name in products %},
        sum({{ name }}_sum) as {{ name }}_sum
        {%- endfor %}
    from by_region
    group by territory_level_code

),

sums as (

    select
        'none' as left_out_region_code,
        *
    from totals
    union all by name
    select
        by_region.region_code as left_out_region_code,
        totals.territory_level_code
        {%- for name in products %},
        totals.{{ name }}_sum - by_region.{{ name }}_sum as {{ name }}_sum
        {%- endfor %}
    from by_region
    inner join totals on by_region.territory_level_code = totals.territory_level_code

),

moments as (

    select
        left_out_region_code,
        territory_level_code,
        one_sum as areas_count,
        house_sum / one_sum as house_mean,
        flat_sum / one_sum as flat_mean,
        slope_sum / one_sum as slope_mean,
        house_house_sum - house_sum * house_sum / one_sum as house_house,
        house_flat_sum - house_sum * flat_sum / one_sum as house_flat,
        flat_flat_sum - flat_sum * flat_sum / one_sum as flat_flat,
        house_slope_sum - house_sum * slope_sum / one_sum as house_slope,
        flat_slope_sum - flat_sum * slope_sum / one_sum as flat_slope
    from sums
    where one_sum >= {{ fewest_areas }}

),

solved as (

    select
        *,
        (flat_flat * house_slope - house_flat * flat_slope)
        / nullif(house_house * flat_flat - house_flat * house_flat, 0) as house_w_per_c_per_m2,
        (house_house * flat_slope - house_flat * house_slope)
        / nullif(house_house * flat_flat - house_flat * house_flat, 0) as flat_w_per_c_per_m2
    from moments

),

final as (

    select
        left_out_region_code,
        territory_level_code as calibration_level_code,
        cast(areas_count as integer) as areas_count,
        slope_mean as w_per_c_per_dwelling_mean,
        slope_mean - house_w_per_c_per_m2 * house_mean - flat_w_per_c_per_m2 * flat_mean as base_w_per_c_per_dwelling,
        house_w_per_c_per_m2,
        flat_w_per_c_per_m2
    from solved
    where house_w_per_c_per_m2 is not null

)

select * from final
