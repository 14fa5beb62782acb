{# What the seeds ask for, read when a model is compiled, so that no model knows which terms there are nor how many. Before
   the seeds are in the database (parsing, linting) one term stands for all, with a slope and without. #}
{% macro rows_of(relation, columns, order_by) -%}
    {%- if not execute or load_relation(relation) is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set rows = [] -%}
    {%- for row in run_query(
        'select ' ~ columns | join(', ') ~ ' from ' ~ relation ~ ' order by ' ~ order_by
    ) -%}
        {%- do rows.append(dict(zip(columns, row.values()))) -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}


{# Of all forms; or of those that tell slopes, of the day or of its variants, or of those that only predict. #}
{% macro fit_pairs(of='all') -%}
    {%- set rows = rows_of(
        ref('int_term_pairs_listed'),
        [
            'pair_number', 'left_term_code', 'left_term_number', 'right_term_number', 'is_square', 'is_fitted_to_variants',
            'is_fitted_for_slopes', 'is_fitted_to_predict', 'is_never_on_one_day', 'quantity_code',
            'right_quantity_code', 'shape_code', 'term_kind_code', 'parameter',
        ],
        'pair_number',
    ) -%}
    {%- set pairs = rows or [{
        'pair_number': 1, 'left_term_code': none, 'left_term_number': 1, 'right_term_number': 1, 'is_square': true,
        'is_fitted_to_variants': true, 'is_fitted_for_slopes': true, 'is_fitted_to_predict': true,
        'is_never_on_one_day': false, 'quantity_code': 'temperature_c',
        'right_quantity_code': 'temperature_c',
        'shape_code': 'below', 'term_kind_code': 'temperature_c below', 'parameter': 15,
    }] -%}
    {%- set flag = {
        'daily': 'is_fitted_for_slopes',
        'variants': 'is_fitted_to_variants',
        'predicting': 'is_fitted_to_predict',
    } -%}
    {{ return(pairs if of == 'all' else pairs | selectattr(flag[of]) | list) }}
{%- endmacro %}


{% macro fit_terms(of='all') -%}
    {{ return(fit_pairs(of) | selectattr('is_square') | list) }}
{%- endmacro %}


{% macro fit_forms() -%}
    {%- set rows = rows_of(
        ref('int_term_combinations_listed'),
        [
            'combination_number', 'slots_count', 'slopes_count', 'slot_number', 'term_code', 'is_fitted_to_variants',
        ],
        'slots_count, slopes_count, combination_number, slot_number',
    ) or [
        {
            'combination_number': 1, 'slots_count': 1, 'slopes_count': 1, 'slot_number': 1, 'term_code': none,
            'is_fitted_to_variants': true,
        },
        {
            'combination_number': 2, 'slots_count': 1, 'slopes_count': 0, 'slot_number': 1, 'term_code': none,
            'is_fitted_to_variants': false,
        },
    ] -%}
    {%- set terms = {} -%}
    {%- for term in fit_terms() -%}
        {%- do terms.update({term.left_term_code: term}) -%}
    {%- endfor -%}
    {%- set forms = {} -%}
    {%- for row in rows -%}
        {%- set key = (row.slots_count, row.slopes_count) -%}
        {%- if key not in forms -%}
            {%- do forms.update({key: {}}) -%}
        {%- endif -%}
        {%- if row.combination_number not in forms[key] -%}
            {%- do forms[key].update({row.combination_number: {
                'combination_number': row.combination_number,
                'is_fitted_to_variants': row.is_fitted_to_variants,
                'terms': [],
                'term_numbers': [],
            }}) -%}
        {%- endif -%}
        {%- set term = terms.get(row.term_code, terms.values() | first) -%}
        {%- do forms[key][row.combination_number].terms.append(term) -%}
        {%- do forms[key][row.combination_number].term_numbers.append(term.left_term_number) -%}
    {%- endfor -%}
    {%- set listed = [] -%}
    {%- for key, combinations in forms.items() -%}
        {%- do listed.append({
            'name': 'of_' ~ key[0] ~ '_terms_' ~ key[1] ~ '_slopes',
            'slots': key[0],
            'slopes': key[1],
            'slope_names': numbered_by('slope', range(1, key[1] + 1)),
            'combinations': combinations.values() | list,
            'terms_by_slot': zip(*combinations.values() | map(attribute='terms')) | list,
        }) -%}
    {%- endfor -%}
    {{ return(listed) }}
{%- endmacro %}


{# The columns that give the residual of a day its weight for each slope. #}
{% macro directions() -%}
    {{ return(numbered_by('direction', range(1, 1 + fit_forms() | map(attribute='slopes') | max))) }}
{%- endmacro %}


{# Quantities of a day that a term may be made from, as expressions on the days that a fit sees. Where too few days precede for
   the longer memory, the shorter one stands for it. #}
{% macro day_quantities(days) -%}
    {{ return({
        'temperature_c': days ~ '.temperature_c',
        'year_share': '((dayofyear(' ~ days ~ '.date_day) - 1) / 365.25)',
        'temperature_raw_c': days ~ '.temperature_mean_c',
        'temperature_longer_c': 'coalesce(' ~ days ~ '.temperature_smoothed_longer_c, ' ~ days ~ '.temperature_c)',
        'wind_m_s': days ~ '.wind_mean_m_s',
        'wind_in_the_cold_c_m_s': days ~ '.wind_above_usual_m_s * greatest(15 - ' ~ days ~ '.temperature_c, 0)',
        'cloud_cover_pct': days ~ '.cloud_cover_mean_pct',
        'humidity_pct': days ~ '.humidity_mean_pct',
    }) }}
{%- endmacro %}


{# Sums that a day without wind, say, may lack. Temperature and time of year are known of every day that is used. #}
{% macro sums_that_may_lack_days() -%}
    {%- set incomplete = [] -%}
    {%- for pair in fit_pairs() if [pair.quantity_code, pair.right_quantity_code]
        | reject('in', ['temperature_c', 'temperature_raw_c', 'temperature_longer_c', 'year_share']) | list -%}
        {%- do incomplete.extend(numbered(['product', 'moment'], pair.pair_number)) -%}
        {%- if pair.is_square -%}
            {%- do incomplete.extend(numbered(['term', 'load'], pair.left_term_number)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(incomplete) }}
{%- endmacro %}


{# A sum that lacks a value is no sum: a day whose wind is not known is not a day without wind. #}
{% macro complete_sum(measure, summand, incomplete) -%}
    {%- if measure in incomplete -%}
    case when count(*) = count({{ summand }}) then sum({{ summand }}) end as {{ measure }}
    {%- else -%}
    sum({{ summand }}) as {{ measure }}
    {%- endif -%}
{%- endmacro %}


{# A term from its shape, its parameter and the quantity that it is made from. #}
{% macro term_value(shape, parameter, quantity) -%}
    {{ {
        'value': quantity,
        'below': 'greatest(' ~ parameter ~ ' - ' ~ quantity ~ ', 0)',
        'above': 'greatest(' ~ quantity ~ ' - ' ~ parameter ~ ', 0)',
        'sine': 'sin(' ~ parameter ~ ' * 2 * pi() * ' ~ quantity ~ ')',
        'cosine': 'cos(' ~ parameter ~ ' * 2 * pi() * ' ~ quantity ~ ')',
    }[shape] }}
{%- endmacro %}


{# The same where kind and parameter of the term stand in the columns of a row, which has one of these terms. What terms of a
   kind differ by is their parameter. #}
{% macro term_value_of_row(terms, kind, parameter, days) -%}
    {%- set kinds = terms | unique(attribute='term_kind_code') | list -%}
    {%- for term in kinds %}
    {{- 'case' if kinds | length > 1 and loop.first }}
        {{- " when " ~ kind ~ " = '" ~ term.term_kind_code ~ "' then " if kinds | length > 1 }}
        {{- term_value(term.shape_code, parameter, day_quantities(days)[term.quantity_code]) }}
    {{- ' end' if kinds | length > 1 and loop.last }}
    {%- endfor %}
{%- endmacro %}


{# What a term adds to the load of a day. A term that a fit leaves out adds nothing, known of the day or not. #}
{% macro explained_by(coefficient, term) -%}
    case when {{ coefficient }} = 0 then 0 else {{ coefficient }} * {{ term }} end
{%- endmacro %}


{# Sums by term and by pair, in the order in which a list holds them: a table of as many columns would store a null for each that
   a row is not fitted to. #}
{% macro products_listed(of) -%}
    {%- set products = [] -%}
    {%- for term in fit_terms(of) -%}
        {%- do products.extend(numbered(['term', 'load', 'days'], term.left_term_number)) -%}
    {%- endfor -%}
    {%- for pair in fit_pairs(of) if not pair.is_never_on_one_day -%}
        {%- do products.append('product_' ~ pair.pair_number) -%}
    {%- endfor -%}
    {{ return(products) }}
{%- endmacro %}


{# What is left of them without the means of cells: a list by term, or by pair, of each. #}
{% macro moments_listed(of) -%}
    {%- set terms = fit_terms(of) | map(attribute='left_term_number') | list -%}
    {{ return({
        'load_moments': numbered_by('load', terms),
        'days_counts': numbered_by('days', terms),
        'term_moments': numbered_by('moment', fit_pairs(of) | map(attribute='pair_number') | list),
    }) }}
{%- endmacro %}


{% macro numbered_by(name, numbers) -%}
    {%- set columns = [] -%}
    {%- for number in numbers -%}
        {%- do columns.append(name ~ '_' ~ number) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{% macro numbered(names, number) -%}
    {%- set columns = [] -%}
    {%- for name in names -%}
        {%- do columns.append(name ~ '_' ~ number) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{# The season of a regime: regimes inside a season differ by a letter. #}
{% macro season_code(season_regime_code) -%}
    'season_' || substr({{ season_regime_code }}, 1, 4)
{%- endmacro %}


{# What each term is on each day, and the sums of products over a group of days, from the steps `days` and `series`. #}
{% macro accumulated_products(of, condition) -%}
{%- set incomplete = sums_that_may_lack_days() -%}
days_of_{{ of }} as (

    select
        series.series_number,
        days.day_group_number,
        days.load_mean_mw
        {%- for term in fit_terms(of) %},
        {{ term_value(term.shape_code, term.parameter, day_quantities('days')[term.quantity_code]) }}
            as term_{{ term.left_term_number }}
        {%- endfor %}
    from days
    inner join series using (series_code)
    where {{ condition }}

),

grouped_{{ of }} as (

    select
        series_number,
        day_group_number,
        count(*) as days_count,
        sum(load_mean_mw) as load_sum_mw,
        sum(load_mean_mw * load_mean_mw) as load_square_sum_mw2
        {%- for term in fit_terms(of) %},
        {%- set name = 'term_' ~ term.left_term_number %}
        {{ complete_sum(name, name, incomplete) }},
        {{ complete_sum('load_' ~ term.left_term_number, name ~ ' * load_mean_mw', incomplete) }},
        count(case when {{ name }} <> 0 then 1 end) as days_{{ term.left_term_number }}
        {%- endfor %}
        {%- for pair in fit_pairs(of) if not pair.is_never_on_one_day %},
        {{ complete_sum(
            'product_' ~ pair.pair_number,
            'term_' ~ pair.left_term_number ~ ' * term_' ~ pair.right_term_number,
            incomplete,
        ) }}
        {%- endfor %}
    from days_of_{{ of }}
    group by series_number, day_group_number

),

accumulated_{{ of }} as (

    select
        series_number,
        day_group_number,
        days_count,
        load_sum_mw,
        load_square_sum_mw2,
        [{{ products_listed(of) | join(', ') }}] as products
    from grouped_{{ of }}

)
{%- endmacro %}


{# What leaves a cell, what a part of a window loses, and the window whole, less what leaves it; from the steps `products`,
   `departures`, `samples` and `window_scopes`. #}
{% macro summed_moments(of, condition) -%}
{%- set incomplete, moments = sums_that_may_lack_days(), moments_listed(of) -%}
{%- set measures = ['days_count', 'cells_count', 'load_sum_mw', 'load_square_moment_mw2'] -%}
parts_of_{{ of }} as (

    select distinct
        regime_scope_code,
        left_out_kind_code,
        left_out_code,
        part_number
    from departures

),

sample_parts_of_{{ of }} as (

    select
        samples.sample_number,
        samples.series_number,
        parts.part_number
    from samples
    inner join window_scopes using (window_code)
    inner join parts_of_{{ of }} as parts using (regime_scope_code, left_out_kind_code, left_out_code)
    where {{ condition }}

),

products_of_{{ of }} as (

    select
        * exclude (products)
        {%- for name in products_listed(of) %},
        products[{{ loop.index }}] as {{ name }}
        {%- endfor %}
    from products
    where {{ condition }}

),

cells_of_{{ of }} as (

    select
        products.series_number,
        departures.part_number,
        departures.scope_cell_number,
        departures.left_out_kind_code = 'none' as is_whole
        {%- for measure in ['days_count', 'load_sum_mw', 'load_square_sum_mw2'] + products_listed(of) %},
        {{ complete_sum(measure, 'products.' ~ measure, incomplete) }}
        {%- endfor %}
    from products_of_{{ of }} as products
    inner join departures using (day_group_number)
    semi join sample_parts_of_{{ of }} using (part_number)
    group by all

),

-- Products, less what the means of the cells took out of them before and after.
losses_of_{{ of }} as (

    select
        leaving.series_number,
        leaving.part_number,
        sum(leaving.days_count) as days_count,
        count(case when leaving.days_count = whole.days_count then 1 end) as cells_count,
        sum(leaving.load_sum_mw) as load_sum_mw,
        sum({{ lost_moment('leaving.load_square_sum_mw2', 'load_sum_mw', 'load_sum_mw') }}) as load_square_moment_mw2
        {%- for term in fit_terms(of) %},
        {%- set number = term.left_term_number %}
        sum(leaving.days_{{ number }}) as days_{{ number }},
        {{ complete_sum(
            'load_' ~ number, lost_moment('leaving.load_' ~ number, 'term_' ~ number, 'load_sum_mw'), incomplete
        ) }}
        {%- endfor %}
        {%- for pair in fit_pairs(of) %},
        {{ complete_sum('moment_' ~ pair.pair_number, lost_moment(
            'cast(0 as double)' if pair.is_never_on_one_day else 'leaving.product_' ~ pair.pair_number,
            'term_' ~ pair.left_term_number,
            'term_' ~ pair.right_term_number,
        ), incomplete) }}
        {%- endfor %}
    from cells_of_{{ of }} as leaving
    inner join cells_of_{{ of }} as whole using (series_number, scope_cell_number)
    where whole.is_whole
    group by leaving.series_number, leaving.part_number

),

sample_losses_of_{{ of }} as (

    select
        sample_parts.sample_number
        {%- for measure in measures + moments.values() | sum(start=[]) %},
        {{ complete_sum(measure, 'losses.' ~ measure, incomplete) }}
        {%- endfor %}
    from sample_parts_of_{{ of }} as sample_parts
    inner join losses_of_{{ of }} as losses using (series_number, part_number)
    group by sample_parts.sample_number

),

summed_{{ of }} as (

    select
        samples.sample_number
        {%- for measure in measures %},
        {{ remaining(measure) }} as {{ measure }}
        {%- endfor %}
        {%- for name, listed in moments.items() %},
        [
            {%- for measure in listed %}
            {{ remaining(measure) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ] as {{ name }}
        {%- endfor %}
    from samples
    inner join sample_losses_of_{{ of }} as leaving using (sample_number)
    inner join sample_losses_of_{{ of }} as whole on samples.whole_sample_number = whole.sample_number

)
{%- endmacro %}


{# The window whole is what leaves it when everything does. #}
{% macro remaining(measure) -%}
    whole.{{ measure }} - case when samples.left_out_kind_code = 'none' then 0 else leaving.{{ measure }} end
{%- endmacro %}


{# What a sum of products inside cells loses with the days that leave: the products, less what the means of the cells took
   out of them before and after. #}
{% macro lost_moment(product, left_sum, right_sum) -%}
    {{ product }}
    - whole.{{ left_sum }} * whole.{{ right_sum }} / whole.days_count
    + coalesce(
        (whole.{{ left_sum }} - leaving.{{ left_sum }})
        * (whole.{{ right_sum }} - leaving.{{ right_sum }})
        / nullif(whole.days_count - leaving.days_count, 0),
        0
    )
{%- endmacro %}


{% macro temperature_columns() -%}
    {{ return({
        'smoothed': 'temperature_smoothed_c',
        'raw': 'temperature_mean_c',
        'smoothed_longer': 'temperature_smoothed_longer_c',
    }) }}
{%- endmacro %}


{# The tolerance of a regressor is the inverse of its variance inflation factor. #}
{% macro least_tolerance() -%} 0.0001 {%- endmacro %}


{% macro elimination(source, slots, right_sides) -%}
{%- for pivot in range(1, slots + 1) %}
{{ source }}_without_{{ pivot }} as (

    select
        *,
        -- A term that the calendar and the terms before it already hold has no share of its own: no fit.
        case
            when moment_{{ pivot }}_{{ pivot }} > 1e-6
                and moment_{{ pivot }}_{{ pivot }} > {{ least_tolerance() }} * whole_{{ pivot }}
                then moment_{{ pivot }}_{{ pivot }}
        end as pivot_{{ pivot }}
    from (
        select
            *
            {%- if pivot > 1 %} replace (
                {%- for row in range(pivot, slots + 1) -%}
                {%- for column in range(row, slots + 1) %}
                moment_{{ row }}_{{ column }}
                - moment_{{ pivot - 1 }}_{{ row }} * moment_{{ pivot - 1 }}_{{ column }} / pivot_{{ pivot - 1 }}
                    as moment_{{ row }}_{{ column }},
                {%- endfor %}
                {%- set last_row = loop.last -%}
                {%- for side in right_sides %}
                {{ side }}_{{ row }}
                - moment_{{ pivot - 1 }}_{{ row }} * {{ side }}_{{ pivot - 1 }} / pivot_{{ pivot - 1 }}
                    as {{ side }}_{{ row }}
                {{- '' if last_row and loop.last else ',' }}
                {%- endfor %}
                {%- endfor %}
            )
            {%- else -%}
            {%- for slot in range(1, slots + 1) %},
            moment_{{ slot }}_{{ slot }} as whole_{{ slot }}
            {%- for side in right_sides %},
            {{ side }}_{{ slot }} as {{ side }}_moment_{{ slot }}
            {%- endfor %}
            {%- endfor %}
            {%- endif %}
        from {{ source if pivot == 1 else source ~ '_without_' ~ (pivot - 1) }}
    ) as reduced

),
{% endfor %}
{%- for slot in range(slots, 0, -1) %}
{{ source }}_solved_{{ slot }} as (

    select
        *
        {%- for side in right_sides %},
        (
            {{ side }}_{{ slot }}
            {%- for later in range(slot + 1, slots + 1) %}
            - moment_{{ slot }}_{{ later }} * {{ side }}_solution_{{ later }}
            {%- endfor %}
        ) / pivot_{{ slot }} as {{ side }}_solution_{{ slot }}
        {%- endfor %}
    from {{ source ~ '_without_' ~ slots if slot == slots else source ~ '_solved_' ~ (slot + 1) }}

)
{{- ',' if slot > 1 }}
{%- endfor %}
{%- endmacro %}


{% macro jackknife_se(leave_out_estimate) -%}
    -- One leave-out that cannot be fitted leaves no interval.
    case
        when count(*) = count({{ leave_out_estimate }})
            then sqrt((count(*) - 1) * var_pop({{ leave_out_estimate }}))
    end
{%- endmacro %}


{% macro day_exclusion_codes() -%}
    {{ return(['load_not_published', 'load_incomplete', 'temperature_missing']) }}
{%- endmacro %}


{% macro numbers_of_pairs() -%}
    {%- set pair_numbers = {} -%}
    {%- for pair in fit_pairs() -%}
        {%- do pair_numbers.update({
            (pair.left_term_number, pair.right_term_number): pair.pair_number,
            (pair.right_term_number, pair.left_term_number): pair.pair_number,
        }) -%}
    {%- endfor -%}
    {{ return(pair_numbers) }}
{%- endmacro %}


{# One candidate for every combination and sample of `samples`: its moments by slot. #}
{% macro candidates(combinations, samples) -%}
    {%- set pair_numbers = numbers_of_pairs() -%}
    {%- set slots = combinations[0].term_numbers | length -%}
    {%- set numbers = [] -%}
    {%- for row in range(1, slots + 1) -%}
        {%- do numbers.append('term_' ~ row) -%}
        {%- for column in range(row, slots + 1) -%}
            {%- do numbers.append('pair_' ~ row ~ '_' ~ column) -%}
        {%- endfor -%}
    {%- endfor -%}
    select
        moments.sample_number,
        moments.load_square_moment_mw2,
        combinations.combination_number
        {%- for row in range(1, slots + 1) %},
        moments.load_moments[combinations.term_{{ row }}] as load_{{ row }}
        {%- for column in range(row, slots + 1) %},
        moments.term_moments[combinations.pair_{{ row }}_{{ column }}] as moment_{{ row }}_{{ column }}
        {%- endfor -%}
        {%- endfor %}
    from moments
    semi join {{ samples }} using (sample_number)
    cross join (
        values
        {%- for combination in combinations %}
        (
            {{ combination.combination_number }}
            {%- for left in combination.term_numbers -%}
            , {{ left }}
            {%- for right in combination.term_numbers[loop.index0:] %}, {{ pair_numbers[(left, right)] }}{% endfor -%}
            {%- endfor -%}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ) as combinations (combination_number, {{ numbers | join(', ') }})
{%- endmacro %}
