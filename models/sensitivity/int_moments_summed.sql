{%- set incomplete = sums_that_may_lack_days() -%}
with

products as (

    select * from {{ ref('int_products_accumulated') }}

),

samples as (

    select * from {{ ref('int_samples_listed') }}

),

window_scopes as (

    select distinct
        window_code,
        regime_scope_code,
        season_regime_code,
        segment_start_on
    from {{ ref('int_window_days_listed') }}

),

-- Calendar cells as far as windows hold them, and the groups of days that they are made of.
scope_days as (

    select distinct
        window_scopes.regime_scope_code,
        products.day_group_number,
        products.season_regime_code,
        products.day_class_code,
        products.calendar_quarter_code
    from products
    inner join window_scopes using (season_regime_code, segment_start_on)

),

hold_outs as (

    select distinct left_out_code
    from samples
    where left_out_kind_code = 'hold_out'

),

-- Which days leave in which leave-out. A whole window is what it loses when everything leaves, so that there is one way
-- to every sum.
departures as (

    {% for kind_code, left_out_code in {
        'none': "'none'",
        'quarter': 'calendar_quarter_code',
        'season': season_code('season_regime_code'),
        'day_class': 'day_class_code',
    }.items() -%}
    select
        *,
        '{{ kind_code }}' as left_out_kind_code,
        {{ left_out_code }} as left_out_code
    from scope_days
    union all
    {% endfor -%}
    select
        scope_days.*,
        'hold_out' as left_out_kind_code,
        hold_outs.left_out_code
    from scope_days
    inner join hold_outs on scope_days.calendar_quarter_code >= hold_outs.left_out_code

),

numbered_departures as (

    select
        *,
        cast(dense_rank() over (order by regime_scope_code, left_out_kind_code, left_out_code) as integer)
            as part_number,
        cast(dense_rank() over (order by regime_scope_code, day_class_code) as integer) as scope_cell_number
    from departures

),

sample_parts as (

    select distinct
        samples.sample_number,
        samples.series_number,
        numbered_departures.part_number
    from samples
    inner join window_scopes using (window_code)
    inner join numbered_departures using (regime_scope_code, left_out_kind_code, left_out_code)

),

-- What leaves a cell. Variants have the terms that are fitted to them.
{% for fitted in ['daily', 'variants'] -%}
cells_of_{{ fitted }} as (

    select
        products.series_number,
        numbered_departures.part_number,
        numbered_departures.scope_cell_number,
        numbered_departures.left_out_kind_code = 'none' as is_whole
        {%- for measure in product_measures(fitted) %},
        {{ complete_sum(measure, 'products.' ~ measure, incomplete) }}
        {%- endfor %}
    from products
    inner join numbered_departures using (day_group_number)
    where
        {% if fitted == 'daily' -%}
        products.is_daily
        {%- else -%}
        not products.is_daily
        and numbered_departures.left_out_kind_code in ('none', 'quarter')
        {%- endif %}
    group by all

),

-- What a part of a window loses: products, less what the means of its cells took out of them before and after.
losses_of_{{ fitted }} as (

    select
        leaving.series_number,
        leaving.part_number,
        sum(leaving.days_count) as days_count,
        count(case when leaving.days_count = whole.days_count then 1 end) as cells_count,
        sum(leaving.load_sum_mw) as load_sum_mw,
        sum({{ lost_moment('leaving.load_square_sum_mw2', 'load_sum_mw', 'load_sum_mw') }}) as load_square_moment_mw2
        {%- for term in fit_terms(fitted) %},
        {%- set number = term.left_term_number %}
        sum(leaving.days_{{ number }}) as days_{{ number }},
        {{ complete_sum(
            'load_' ~ number, lost_moment('leaving.load_' ~ number, 'term_' ~ number, 'load_sum_mw'), incomplete
        ) }}
        {%- endfor %}
        {%- for pair in fit_pairs(fitted) %},
        {{ complete_sum('moment_' ~ pair.pair_number, lost_moment(
            'cast(0 as double)' if pair.is_never_on_one_day else 'leaving.product_' ~ pair.pair_number,
            'term_' ~ pair.left_term_number,
            'term_' ~ pair.right_term_number,
        ), incomplete) }}
        {%- endfor %}
    from cells_of_{{ fitted }} as leaving
    inner join cells_of_{{ fitted }} as whole using (series_number, scope_cell_number)
    where whole.is_whole
    group by leaving.series_number, leaving.part_number

),

sample_losses_of_{{ fitted }} as (

    select
        sample_parts.sample_number
        {%- for measure in moment_measures(fitted) %},
        {{ complete_sum(measure, 'losses.' ~ measure, incomplete) }}
        {%- endfor %}
    from sample_parts
    inner join losses_of_{{ fitted }} as losses using (series_number, part_number)
    group by sample_parts.sample_number

),

{% endfor -%}
-- The window whole, less what leaves it.
summed as (

    {% for fitted in ['daily', 'variants'] -%}
    select
        samples.sample_number
        {%- for measure in moment_measures(fitted) %},
        whole.{{ measure }} - case when samples.left_out_kind_code = 'none' then 0 else leaving.{{ measure }} end
            as {{ measure }}
        {%- endfor %}
    from samples
    inner join sample_losses_of_{{ fitted }} as leaving using (sample_number)
    inner join sample_losses_of_{{ fitted }} as whole on samples.whole_sample_number = whole.sample_number
    {{ 'union all by name' if not loop.last }}
    {% endfor %}

)

select * from summed
