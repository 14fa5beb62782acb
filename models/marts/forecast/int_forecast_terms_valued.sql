with

days as (

    select * from {{ ref('int_forecast_days_prepared') }}
    where temperature_mean_c is not null and temperature_smoothed_c is not null

),

quantities as (

    {% for quantity in ['temperature_mean_c', 'temperature_smoothed_c', 'year_share', 'years_elapsed'] -%}
    select
        region_code,
        date_day,
        '{{ quantity }}' as quantity_code,
        {{ quantity }} as quantity
    from days
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

terms as (

    select
        *,
        row_number() over (order by term_code) as term_number
    from {{ ref('forecast_terms') }}

),

-- Each class of day has a level of its own, as a term that is one on its days.
classes as (

    select
        day_class_code,
        row_number() over (order by day_class_code)
        + (select count(*) from terms) as term_number
    from days
    group by day_class_code

),

valued as (

    select
        quantities.region_code,
        quantities.date_day,
        cast(terms.term_number as integer) as term_number,
        case terms.shape_code
            {% for shape in ['value', 'below', 'above', 'sine', 'cosine'] -%}
            when '{{ shape }}' then {{ term_value(shape, 'terms.parameter', 'quantities.quantity') }}
            {% endfor -%}
        end as term_value
    from quantities
    inner join terms using (quantity_code)
    union all
    select
        days.region_code,
        days.date_day,
        cast(classes.term_number as integer) as term_number,
        1 as term_value
    from days
    inner join classes using (day_class_code)

)

-- Terms that are zero on a day add to no sum.
select * from valued
where term_value <> 0
