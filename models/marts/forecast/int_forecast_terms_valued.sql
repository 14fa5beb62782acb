with

-- What holidays leave behind: whether one of the two days before was one.
days as (

    select
        *
        {%- for kind in ['public_holiday', 'christmas'] %}
        {%- for back in [1, 2] %},
        cast(
            lag(day_class_code, {{ back }}) over (partition by region_code order by date_day) = '{{ kind }}' as integer
        ) as {{ kind }}_{{ back }}_before
        {%- endfor %}
        {%- endfor %}
    from {{ ref('int_forecast_days_prepared') }}
    qualify temperature_mean_c is not null and temperature_smoothed_c is not null

),

quantities as (

    {% for quantity, days in [
        ('temperature_mean_c', none), ('temperature_smoothed_c', none),
        ('temperature_previous_c', none), ('temperature_next_c', none), ('year_share', none), ('years_elapsed', none),
        ('public_holiday_1_before', none), ('public_holiday_2_before', none),
        ('christmas_1_before', none), ('christmas_2_before', none),
        ('sunday_year_share', ['sunday', 'public_holiday']), ('saturday_year_share', ['saturday'])
    ] -%}
    select
        region_code,
        date_day,
        '{{ quantity }}' as quantity_code,
        {{ 'year_share' if days else quantity }} as quantity
    from days
    {{ "where day_class_code in ('" ~ days | join("', '") ~ "')" if days }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

terms as (

    select
        *,
        {{ forecast_term_number() }} as term_number
    from {{ ref('forecast_terms') }}

),

-- Each class of day has a level of its own, as a term that is one on its days.
classes as (

    select
        day_class_code,
        1000 + row_number() over (order by day_class_code) as term_number
    from days
    group by day_class_code

),

valued as (

    select
        quantities.region_code,
        quantities.date_day,
        cast(terms.term_number as integer) as term_number,
        terms.is_of_load,
        terms.is_of_shape,
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
        true as is_of_load,
        true as is_of_shape,
        1 as term_value
    from days
    inner join classes using (day_class_code)

)

-- Terms that are zero on a day add to no sum.
select * from valued
where term_value <> 0
