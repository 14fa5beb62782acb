{%- set terms = fit_terms() -%}
{%- set pairs = fit_pairs() -%}
with

products as (

    select * from {{ ref('int_products_accumulated') }}

),

series as (

    select * from {{ ref('int_load_series_listed') }}

),

samples as (

    select
        samples.*,
        series.series_number,
        series.is_daily
    from {{ ref('int_samples_listed') }} as samples
    inner join series on samples.series_code = series.series_code

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

    select
        scopes.regime_scope_code,
        day_groups.*
    from (
        select distinct
            day_group_number,
            season_regime_code,
            segment_start_on,
            day_class_code,
            calendar_quarter_code
        from products
    ) as day_groups
    inner join (
        select distinct
            regime_scope_code,
            season_regime_code,
            segment_start_on
        from window_scopes
    ) as scopes
        on
            day_groups.season_regime_code = scopes.season_regime_code
            and day_groups.segment_start_on = scopes.segment_start_on

),

hold_outs as (

    select distinct left_out_code
    from samples
    where left_out_kind_code = 'hold_out'

),

-- Which days leave in which leave-out. A whole window is what it loses when everything leaves, so that there is one way
-- to every sum.
departures as (

    select
        *,
        'none' as left_out_kind_code,
        'none' as left_out_code
    from scope_days
    union all
    select
        *,
        'quarter' as left_out_kind_code,
        calendar_quarter_code as left_out_code
    from scope_days
    union all
    select
        scope_days.*,
        'hold_out' as left_out_kind_code,
        hold_outs.left_out_code
    from scope_days
    inner join hold_outs on scope_days.calendar_quarter_code >= hold_outs.left_out_code
    union all
    select
        *,
        'season' as left_out_kind_code,
        'season_' || substr(season_regime_code, 1, 4) as left_out_code
    from scope_days
    union all
    select
        *,
        'day_class' as left_out_kind_code,
        day_class_code as left_out_code
    from scope_days

),

numbered_departures as (

    select
        cast(dense_rank() over (order by regime_scope_code, left_out_kind_code, left_out_code) as integer)
            as part_number,
        cast(dense_rank() over (order by regime_scope_code, day_class_code) as integer) as scope_cell_number,
        *
    from departures

),

parts as (

    select distinct
        part_number,
        regime_scope_code,
        left_out_kind_code,
        left_out_code
    from numbered_departures

),

sample_parts as (

    select
        samples.sample_number,
        samples.series_number,
        parts.part_number
    from samples
    inner join (
        select distinct
            window_code,
            regime_scope_code
        from window_scopes
    ) as windows on samples.window_code = windows.window_code
    inner join parts
        on
            windows.regime_scope_code = parts.regime_scope_code
            and samples.left_out_kind_code = parts.left_out_kind_code
            and samples.left_out_code = parts.left_out_code

),

-- Every specification is fitted to the day, whole and without each quarter; those that are fitted to variants also to
-- them, and without each season and class of days.
{% for fitted in ['every_specification', 'variants'] -%}
{%- set fitted_terms = terms if fitted == 'every_specification' else terms | selectattr('is_fitted_to_variants') | list -%}
{%- set fitted_pairs = pairs if fitted == 'every_specification' else pairs | selectattr('is_fitted_to_variants') | list -%}
{%- set products_of_pairs = fitted_pairs | rejectattr('is_never_on_one_day') | list -%}
{%- set cell_sums = ['days_count', 'load_sum_mw'] -%}
{%- for term in fitted_terms -%}
    {%- do cell_sums.append('term_' ~ term.left_term_number) -%}
{%- endfor -%}
{%- set plain_sums = ['load_square_sum_mw2'] -%}
{%- for term in fitted_terms -%}
    {%- do plain_sums.extend(['load_' ~ term.left_term_number, 'days_' ~ term.left_term_number]) -%}
{%- endfor -%}
{%- for pair in products_of_pairs -%}
    {%- do plain_sums.append('product_' ~ pair.pair_number) -%}
{%- endfor -%}
cells_of_{{ fitted }} as (

    select
        products.series_number,
        numbered_departures.part_number,
        numbered_departures.scope_cell_number,
        numbered_departures.left_out_kind_code
        {%- for measure in cell_sums + plain_sums %},
        sum(products.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from products
    inner join series on products.series_number = series.series_number
    inner join numbered_departures on products.day_group_number = numbered_departures.day_group_number
    where
        {% if fitted == 'every_specification' -%}
        series.is_daily
        and numbered_departures.left_out_kind_code in ('none', 'quarter', 'hold_out')
        {%- else -%}
        case
            when series.is_daily then numbered_departures.left_out_kind_code in ('season', 'day_class')
            else numbered_departures.left_out_kind_code in ('none', 'quarter')
        end
        {%- endif %}
    group by
        products.series_number,
        numbered_departures.part_number,
        numbered_departures.scope_cell_number,
        numbered_departures.left_out_kind_code

),

-- Beside what leaves a cell stands what it holds.
whole_cells_of_{{ fitted }} as (

    {% if fitted == 'every_specification' -%}
    select * from cells_of_every_specification
    where left_out_kind_code = 'none'
    {%- else -%}
    select
        series_number,
        scope_cell_number
        {%- for measure in cell_sums %},
        {{ measure }}
        {%- endfor %}
    from cells_of_every_specification
    where left_out_kind_code = 'none'
    union all
    select
        series_number,
        scope_cell_number
        {%- for measure in cell_sums %},
        {{ measure }}
        {%- endfor %}
    from cells_of_variants
    where left_out_kind_code = 'none'
    {%- endif %}

),

-- What a part loses: products, less what the means of its cells took out of them before and after.
losses_of_{{ fitted }} as (

    select
        leaving.series_number,
        leaving.part_number,
        sum(leaving.days_count) as days_count,
        count(case when leaving.days_count = whole.days_count then 1 end) as cells_count,
        sum(leaving.load_sum_mw) as load_sum_mw,
        sum({{ lost_moment('leaving.load_square_sum_mw2', 'load_sum_mw', 'load_sum_mw') }}) as load_square_moment_mw2
        {%- for term in fitted_terms %},
        sum(leaving.days_{{ term.left_term_number }}) as days_{{ term.left_term_number }},
        sum({{ lost_moment('leaving.load_' ~ term.left_term_number, 'term_' ~ term.left_term_number, 'load_sum_mw') }})
            as load_{{ term.left_term_number }}
        {%- endfor %}
        {%- for pair in fitted_pairs %},
        sum({{ lost_moment(
            'cast(0 as double)' if pair.is_never_on_one_day else 'leaving.product_' ~ pair.pair_number,
            'term_' ~ pair.left_term_number,
            'term_' ~ pair.right_term_number,
        ) }}) as moment_{{ pair.pair_number }}
        {%- endfor %}
    from cells_of_{{ fitted }} as leaving
    inner join whole_cells_of_{{ fitted }} as whole
        on
            leaving.series_number = whole.series_number
            and leaving.scope_cell_number = whole.scope_cell_number
    group by leaving.series_number, leaving.part_number

),

{%- set measures = ['days_count', 'cells_count', 'load_sum_mw', 'load_square_moment_mw2'] -%}
{%- for term in fitted_terms -%}
    {%- do measures.extend(['days_' ~ term.left_term_number, 'load_' ~ term.left_term_number]) -%}
{%- endfor -%}
{%- for pair in fitted_pairs -%}
    {%- do measures.append('moment_' ~ pair.pair_number) -%}
{%- endfor %}

sample_losses_of_{{ fitted }} as (

    select
        sample_parts.sample_number
        {%- for measure in measures %},
        sum(losses.{{ measure }}) as {{ measure }}
        {%- endfor %}
    from sample_parts
    inner join losses_of_{{ fitted }} as losses
        on
            sample_parts.series_number = losses.series_number
            and sample_parts.part_number = losses.part_number
    group by sample_parts.sample_number

),

-- The window whole, less what leaves it.
moments_of_{{ fitted }} as (

    select
        samples.sample_number
        {%- for measure in measures %},
        case
            when samples.left_out_kind_code = 'none' then whole.{{ measure }}
            else whole.{{ measure }} - leaving.{{ measure }}
        end as {{ measure }}
        {%- endfor %}
    from samples
    inner join samples as whole_samples
        on
            samples.series_code = whole_samples.series_code
            and samples.window_code = whole_samples.window_code
            and whole_samples.left_out_kind_code = 'none'
    inner join sample_losses_of_{{ fitted }} as leaving on samples.sample_number = leaving.sample_number
    inner join (
        {% if fitted == 'every_specification' -%}
        select * from sample_losses_of_every_specification
        {%- else -%}
        select * from sample_losses_of_variants
        union all by name
        select
            sample_number
            {%- for measure in measures %},
            {{ measure }}
            {%- endfor %}
        from sample_losses_of_every_specification
        {%- endif %}
    ) as whole on whole_samples.sample_number = whole.sample_number

),

{% endfor -%}
summed as (

    select * from moments_of_every_specification
    union all by name
    select * from moments_of_variants

)

select * from summed
