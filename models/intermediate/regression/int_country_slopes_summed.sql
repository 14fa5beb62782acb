with

fits as (

    select * from {{ ref('int_fits_selected') }}
    where left_out_code <> 'hold_out'

),

chosen as (

    select * from {{ ref('int_forms_chosen') }}

),

regions_published as (

    select count(*) as regions_count
    from {{ ref('dim_regions') }}
    where is_load_published

),

student_t as (

    select * from {{ ref('student_t_quantiles') }}

),

-- Heating from the published form of each region; cooling from the form that has it, published there or not: what is
-- too weak to be told apart in one region still counts in their sum.
regional_slopes as (

    select
        chosen.window_code,
        chosen.territory_code,
        chosen.client_type_code,
        chosen.specification_code,
        published.left_out_code,
        published.heating_slope_mw_per_c,
        case when full_form.form_code is null then 0 else full_form.cooling_slope_mw_per_c end as cooling_slope_mw_per_c
    from chosen
    inner join fits as published
        on
            chosen.window_code = published.window_code
            and chosen.territory_code = published.territory_code
            and chosen.client_type_code = published.client_type_code
            and chosen.specification_code = published.specification_code
            and chosen.form_code = published.form_code
    left join fits as full_form
        on
            published.window_code = full_form.window_code
            and published.territory_code = full_form.territory_code
            and published.client_type_code = full_form.client_type_code
            and published.specification_code = full_form.specification_code
            and published.left_out_code = full_form.left_out_code
            and full_form.form_code = 'heating_and_cooling'

),

left_outs as (

    select distinct
        window_code,
        client_type_code,
        specification_code,
        left_out_code
    from regional_slopes

),

whole as (

    select * from regional_slopes
    where left_out_code = 'none'

),

-- A region that has no day in a quarter keeps its slope when the quarter is left out.
completed as (

    select
        left_outs.window_code,
        left_outs.client_type_code,
        left_outs.specification_code,
        left_outs.left_out_code,
        {% for slope in ['heating_slope_mw_per_c', 'cooling_slope_mw_per_c'] -%}
        case when without_quarter.territory_code is null then whole.{{ slope }} else without_quarter.{{ slope }} end
            as {{ slope }}{{ ',' if not loop.last }}
        {% endfor %}
    from left_outs
    inner join whole
        on
            left_outs.window_code = whole.window_code
            and left_outs.client_type_code = whole.client_type_code
            and left_outs.specification_code = whole.specification_code
    left join regional_slopes as without_quarter
        on
            whole.window_code = without_quarter.window_code
            and whole.territory_code = without_quarter.territory_code
            and whole.client_type_code = without_quarter.client_type_code
            and whole.specification_code = without_quarter.specification_code
            and left_outs.left_out_code = without_quarter.left_out_code

),

-- A leave-out that one region cannot fit has no sum.
summed as (

    select
        window_code,
        client_type_code,
        specification_code,
        left_out_code,
        count(*) as regions_count,
        {% for slope in ['heating_slope_mw_per_c', 'cooling_slope_mw_per_c'] -%}
        case when count(*) = count({{ slope }}) then sum({{ slope }}) end as {{ slope }}{{ ',' if not loop.last }}
        {% endfor %}
    from completed
    group by all

),

spreads as (

    select
        window_code,
        client_type_code,
        specification_code,
        count(*) as quarters_count,
        {{ jackknife_se('heating_slope_mw_per_c') }} as heating_slope_mw_per_c_se,
        {{ jackknife_se('cooling_slope_mw_per_c') }} as cooling_slope_mw_per_c_se
    from summed
    where left_out_code <> 'none'
    group by all

),

final as (

    select
        summed.* exclude (left_out_code),
        summed.regions_count = regions_published.regions_count as is_every_region_there,
        spreads.quarters_count,
        spreads.heating_slope_mw_per_c_se,
        spreads.cooling_slope_mw_per_c_se,
        student_t.quantile_975 * spreads.heating_slope_mw_per_c_se as heating_slope_mw_per_c_ci95_half_width,
        student_t.quantile_975 * spreads.cooling_slope_mw_per_c_se as cooling_slope_mw_per_c_ci95_half_width
    from summed
    cross join regions_published
    inner join spreads
        on
            summed.window_code = spreads.window_code
            and summed.client_type_code = spreads.client_type_code
            and summed.specification_code = spreads.specification_code
    left join student_t on spreads.quarters_count - 1 = student_t.degrees_of_freedom
    where summed.left_out_code = 'none'

)

select * from final
