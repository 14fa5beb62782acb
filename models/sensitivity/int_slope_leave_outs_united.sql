with

coefficients as (

    select * from {{ ref('int_fits_solved') }}
    where
        is_selected
        and slot_number is not null
        and left_out_kind_code in ('none', 'quarter')

),

chosen as (select * from {{ ref('int_forms_chosen') }}),

sums as (select * from {{ ref('int_series_sums_listed') }}),

regressors as (select * from {{ ref('regressors') }}),

regional as (

    select
        coefficients.series_code,
        coefficients.window_code,
        coefficients.specification_code,
        coefficients.left_out_code,
        coefficients.load_mean_mw,
        coefficients.regressor_code,
        coefficients.term_code,
        coefficients.parameter,
        coefficients.is_grid_edge,
        coefficients.coefficient
    from chosen
    inner join coefficients using (series_code, window_code, specification_code, form_code, regressor_code)

),

-- In the sum of the regions a regressor that may be dropped counts from the form that has it, published there or not:
-- what is too weak to be told apart in one region still counts in their sum. Where a region cannot tell, nor can the
-- sum.
full_forms as (

    select
        coefficients.series_code,
        coefficients.window_code,
        coefficients.specification_code,
        coefficients.left_out_code,
        coefficients.regressor_code,
        coefficients.coefficient
    from coefficients
    inner join regressors using (regressor_code)
    where
        regressors.is_dropped_unless_significant
        and coefficients.form_code = 'full'

),

-- Every region, leave-out and slope, so that one that is missing is a null.
regional_leave_outs as (

    select distinct
        series_code,
        window_code,
        specification_code,
        left_out_code,
        load_mean_mw
    from regional

),

asked as (

    select distinct
        chosen.specification_code,
        chosen.regressor_code,
        coalesce(regressors.is_dropped_unless_significant, false) as is_dropped_unless_significant
    from chosen
    left join regressors using (regressor_code)

),

slopes as (

    select
        regional_leave_outs.*,
        sums.sum_series_code,
        sums.regions_count,
        asked.regressor_code,
        case
            when asked.is_dropped_unless_significant then full_forms.coefficient
            else regional.coefficient
        end as coefficient
    from regional_leave_outs
    inner join sums using (series_code)
    inner join asked using (specification_code)
    left join regional using (series_code, window_code, specification_code, left_out_code, regressor_code)
    left join full_forms using (series_code, window_code, specification_code, left_out_code, regressor_code)

),

country_leave_outs as (

    select distinct
        sum_series_code,
        regions_count,
        window_code,
        specification_code,
        left_out_code
    from slopes

),

-- A region that has no day in a quarter keeps its slope when the quarter is left out.
completed as (

    select
        country_leave_outs.*,
        whole.regressor_code,
        case when without_quarter.series_code is null then whole.load_mean_mw else without_quarter.load_mean_mw end
            as load_mean_mw,
        case when without_quarter.series_code is null then whole.coefficient else without_quarter.coefficient end
            as coefficient
    from country_leave_outs
    inner join slopes as whole using (sum_series_code, window_code, specification_code)
    left join slopes as without_quarter
        on
            whole.series_code = without_quarter.series_code
            and whole.sum_series_code = without_quarter.sum_series_code
            and whole.window_code = without_quarter.window_code
            and whole.specification_code = without_quarter.specification_code
            and whole.regressor_code = without_quarter.regressor_code
            and country_leave_outs.left_out_code = without_quarter.left_out_code
    where whole.left_out_code = 'none'

),

-- A leave-out that one region cannot fit has no sum; France is all of its regions.
country as (

    select
        sum_series_code as series_code,
        window_code,
        specification_code,
        left_out_code,
        regressor_code,
        sum(load_mean_mw) as load_mean_mw,
        case when count(*) = count(coefficient) then sum(coefficient) end as coefficient
    from completed
    group by all
    having count(*) = max(regions_count)

),

united as (

    select * from regional
    union all by name
    select
        *,
        false as is_grid_edge
    from country

)

select * from united
