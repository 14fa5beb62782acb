{%- set incomplete = sums_that_may_lack_days() -%}
with

series as (

    select * from {{ ref('int_load_series_listed') }}

),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where exclusion_code is null

),

segments as (

    select distinct
        date_day,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

-- The days of a calendar cell, quarter and segment always go together.
day_groups as (

    select
        cast(row_number() over (order by calendar_cell_code, calendar_quarter_code, segment_start_on) as integer)
            as day_group_number,
        *
    from (
        select distinct
            days.season_regime_code,
            days.day_class_code,
            days.calendar_cell_code,
            days.calendar_quarter_code,
            segments.segment_start_on
        from days
        inner join segments using (date_day)
    ) as distinct_groups

),

-- What each term is on each day; variants have the terms that are fitted to them.
{% for fitted in ['daily', 'variants'] -%}
days_of_{{ fitted }} as (

    select
        series.series_number,
        day_groups.day_group_number,
        days.load_mean_mw
        {%- for term in fit_terms(fitted) %},
        {{ term_value(term.shape_code, term.parameter, day_quantities('days')[term.quantity_code]) }}
            as term_{{ term.left_term_number }}
        {%- endfor %}
    from days
    inner join series using (series_code)
    inner join segments using (date_day)
    inner join day_groups
        on
            days.calendar_cell_code = day_groups.calendar_cell_code
            and days.calendar_quarter_code = day_groups.calendar_quarter_code
            and segments.segment_start_on = day_groups.segment_start_on
    where {{ 'not ' if fitted == 'variants' }}series.is_daily

),

accumulated_{{ fitted }} as (

    select
        series_number,
        day_group_number,
        count(*) as days_count,
        sum(load_mean_mw) as load_sum_mw,
        sum(load_mean_mw * load_mean_mw) as load_square_sum_mw2
        {%- for term in fit_terms(fitted) %},
        {%- set name = 'term_' ~ term.left_term_number %}
        {{ complete_sum(name, name, incomplete) }},
        {{ complete_sum('load_' ~ term.left_term_number, name ~ ' * load_mean_mw', incomplete) }},
        count(case when {{ name }} <> 0 then 1 end) as days_{{ term.left_term_number }}
        {%- endfor %}
        {%- for pair in fit_pairs(fitted) if not pair.is_never_on_one_day %},
        {{ complete_sum(
            'product_' ~ pair.pair_number, 'term_' ~ pair.left_term_number ~ ' * term_' ~ pair.right_term_number, incomplete
        ) }}
        {%- endfor %}
    from days_of_{{ fitted }}
    group by series_number, day_group_number

),

{% endfor -%}
accumulated as (

    select
        *,
        true as is_daily
    from accumulated_daily
    union all by name
    select
        *,
        false as is_daily
    from accumulated_variants

),

final as (

    select
        day_groups.*,
        accumulated.* exclude (day_group_number)
    from accumulated
    inner join day_groups using (day_group_number)

)

select * from final
