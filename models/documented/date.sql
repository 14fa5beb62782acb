with

dates as (select * from {{ ref('dim_dates') }}),

final as (

    select
        date_day as id_date,
        case iso_weekday
            when 1 then 'lundi'
            when 2 then 'mardi'
            when 3 then 'mercredi'
            when 4 then 'jeudi'
            when 5 then 'vendredi'
            when 6 then 'samedi'
            when 7 then 'dimanche'
        end as jour,
        {% for zone in ['a', 'b', 'c'] -%}
        case when is_school_holiday_zone_{{ zone }} then 'oui' else 'non' end as vac_zone_{{ zone }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from dates

)

select * from final
