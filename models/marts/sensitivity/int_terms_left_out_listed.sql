with

coefficients as (

    select * from {{ ref('int_fits_solved') }}
    where
        is_selected
        and left_out_kind_code = 'none'

),

chosen as (select * from {{ ref('int_forms_chosen') }}),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where is_daily

),

-- A coefficient of exactly nought is of a term that is not known of every day, or that the others hold already.
left_out as (

    select
        series.series_code,
        coefficients.window_code,
        coefficients.specification_code,
        coefficients.term_code
    from coefficients
    inner join chosen using (series_code, window_code, specification_code, form_code, regressor_code)
    inner join series using (series_code)
    where
        coefficients.coefficient = 0
        and coefficients.term_code is not null

),

listed as (

    select
        series_code,
        window_code,
        specification_code,
        string_agg(term_code, ',' order by term_code) as left_out_term_codes
    from left_out
    group by series_code, window_code, specification_code
    union all
    -- A sum lacks what one of its parts lacks.
    select
        sums.sum_series_code as series_code,
        left_out.window_code,
        left_out.specification_code,
        string_agg(distinct left_out.term_code, ',' order by left_out.term_code) as left_out_term_codes
    from left_out
    inner join {{ ref('int_series_sums_listed') }} as sums using (series_code)
    group by sums.sum_series_code, left_out.window_code, left_out.specification_code

)

select * from listed
