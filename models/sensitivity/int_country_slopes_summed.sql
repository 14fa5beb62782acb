with

fits as (

    select * from {{ ref('int_fits_selected') }}
    where left_out_code <> 'hold_out'

),

chosen as (

    select * from {{ ref('int_forms_chosen') }}

),

series as (

    select * from {{ ref('int_load_series_listed') }}

),

-- Heating from the published form of each region; cooling from the form that has it, published there or not: what is
-- too weak to be told apart in one region still counts in their sum. Where a region cannot tell, nor can the sum.
regional_slopes as (

    select
        chosen.window_code,
        series.country_series_code,
        chosen.series_code,
        chosen.specification_code,
        published.left_out_code,
        published.load_sum_mw / published.days_count as load_mean_mw,
        published.heating_slope_mw_per_c,
        full_form.cooling_slope_mw_per_c
    from chosen
    inner join series on chosen.series_code = series.series_code
    inner join fits as published
        on
            chosen.window_code = published.window_code
            and chosen.series_code = published.series_code
            and chosen.specification_code = published.specification_code
            and chosen.form_code = published.form_code
    left join fits as full_form
        on
            published.window_code = full_form.window_code
            and published.series_code = full_form.series_code
            and published.specification_code = full_form.specification_code
            and published.left_out_code = full_form.left_out_code
            and full_form.form_code = 'heating_and_cooling'

),

left_outs as (

    select distinct
        window_code,
        country_series_code,
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
        left_outs.country_series_code,
        left_outs.specification_code,
        left_outs.left_out_code,
        {% for measure in ['load_mean_mw', 'heating_slope_mw_per_c', 'cooling_slope_mw_per_c'] -%}
        case when without_quarter.series_code is null then whole.{{ measure }} else without_quarter.{{ measure }} end
            as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from left_outs
    inner join whole
        on
            left_outs.window_code = whole.window_code
            and left_outs.country_series_code = whole.country_series_code
            and left_outs.specification_code = whole.specification_code
    left join regional_slopes as without_quarter
        on
            whole.window_code = without_quarter.window_code
            and whole.series_code = without_quarter.series_code
            and whole.specification_code = without_quarter.specification_code
            and left_outs.left_out_code = without_quarter.left_out_code

),

-- A leave-out that one region cannot fit has no sum.
summed as (

    select
        window_code,
        country_series_code,
        specification_code,
        left_out_code,
        count(*) as regions_count,
        {% for measure in ['load_mean_mw', 'heating_slope_mw_per_c', 'cooling_slope_mw_per_c'] -%}
        case when count(*) = count({{ measure }}) then sum({{ measure }}) end as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from completed
    group by all

)

select * from summed
