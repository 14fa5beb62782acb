with

days as (select * from {{ ref('int_forecast_days_prepared') }}),

terms as (select * from {{ ref('int_forecast_terms_valued') }}),

-- The day and the day before must both be whole.
usable as (

    select
        today.*,
        list_transform(
            list_zip(today.shape_mw, yesterday.shape_mw),
            lambda pair: pair[1] - {{ residual_carried_share() }} * pair[2]
        ) as shape_change_mw
    from days as today
    inner join days as yesterday
        on
            today.region_code = yesterday.region_code
            and today.date_day = yesterday.date_day + 1
    where
        -- A fit is to days whose temperature was observed.
        today.date_day <= today.last_day
        {%- for day in ['today', 'yesterday'] %}
        and {{ day }}.load_mean_mw + {{ day }}.temperature_smoothed_c + {{ day }}.temperature_mean_c is not null
        and {{ day }}.loads_begun_mw is not null
        {%- endfor %}

),

-- The loads stand beside the terms, numbered below them.
numbered as (

    select
        region_code,
        date_day,
        term_number,
        term_value
    from terms
    union all
    select
        region_code,
        date_day,
        0 as term_number,
        load_mean_mw as term_value
    from days
    where load_mean_mw is not null
    union all
    select
        region_code,
        date_day,
        -generate_subscripts(loads_begun_mw, 1) as term_number,
        unnest(loads_begun_mw) as term_value
    from days
    where loads_begun_mw is not null

),

differences as materialized (

    select
        usable.region_code,
        usable.date_day,
        usable.first_fit_month_on,
        changes.term_number,
        sum(changes.term_value) as term_value
    from (
        select * from numbered
        union all
        select
            region_code,
            date_day + 1 as date_day,
            term_number,
            -{{ residual_carried_share() }} * term_value as term_value
        from numbered
    ) as changes
    inner join usable using (region_code, date_day)
    group by all

),

products_of_two as (

    select
        lefts.region_code,
        lefts.first_fit_month_on as fit_month_on,
        lefts.term_number as left_term_number,
        rights.term_number as right_term_number,
        sum(lefts.term_value * rights.term_value) as product
    from differences as lefts
    inner join differences as rights
        on
            lefts.region_code = rights.region_code
            and lefts.date_day = rights.date_day
            and lefts.term_number <= rights.term_number
    where rights.term_number > 0
    group by lefts.region_code, lefts.first_fit_month_on, lefts.term_number, rights.term_number

),

-- The half-hours of the day are numbered on below the loads.
products_of_shapes as (

    select
        region_code,
        fit_month_on,
        -{{ forecast_begun_parts() | max }} - generate_subscripts(products, 1) as left_term_number,
        right_term_number,
        unnest(products) as product
    from (
        select
            differences.region_code,
            differences.first_fit_month_on as fit_month_on,
            differences.term_number as right_term_number,
            [
                {%- for half_hour in range(1, 49) %}
                sum(differences.term_value * usable.shape_change_mw[{{ half_hour }}]){{ ',' if not loop.last }}
                {%- endfor %}
            ] as products
        from differences
        inner join usable using (region_code, date_day)
        where differences.term_number > 0
        group by differences.region_code, differences.first_fit_month_on, differences.term_number
    ) as listed

),

products as materialized (

    select
        region_code,
        fit_month_on,
        left_term_number,
        right_term_number,
        -- Only the ratio of two weights counts, so that of a month never changes.
        product * pow(2, datediff('month', date '2012-01-01', fit_month_on) / {{ half_weight_months() }}.0) as product
    from (
        select * from products_of_two
        union all
        select * from products_of_shapes
    ) as all_products

),

months as (

    select distinct
        region_code,
        first_fit_month_on as fit_month_on,
        first_fit_month_on >= first_day + {{ forecast_training_days() }} as is_fitted
    from usable

),

pairs as (

    select distinct
        region_code,
        left_term_number,
        right_term_number
    from products

),

accumulated as (

    select
        months.region_code,
        months.fit_month_on,
        months.is_fitted,
        pairs.left_term_number,
        pairs.right_term_number,
        sum(coalesce(products.product, 0)) over (
            partition by months.region_code, pairs.left_term_number, pairs.right_term_number
            order by months.fit_month_on
            rows between unbounded preceding and current row
        ) as product
    from months
    inner join pairs using (region_code)
    left join products using (region_code, fit_month_on, left_term_number, right_term_number)

)

select
    region_code,
    fit_month_on,
    left_term_number,
    right_term_number,
    product
from accumulated
where is_fitted
