{%- set calendar_drivers = ['day_class', 'holidays', 'regime'] -%}
{%- set weights = {'part_sum_mw': 'days_count', 'part_load_mw2': 'load_sum_mw', 'part_energy_mwh': 'hours_count'} -%}
with

groups as (select * from {{ ref('int_driver_sums_grouped') }}),

left_out as (

    select * from {{ ref('int_leave_outs_of_sums_listed') }}
    where left_out_code <> 'none'

),

calendar_parts as (select * from {{ ref('int_calendar_parts_compared') }}),

coefficients as (

    select * from {{ ref('int_slope_leave_outs_united') }}
    where
        window_code = 'all'
        and specification_code = 'predictive'

),

-- Which seasons are left moves a share more than what they say of the fit: days being equal, only the fit changes.
coefficient_changes as (

    select
        series_code,
        coefficients.left_out_code,
        term_code,
        whole.coefficient <> 0 as is_fitted,
        coefficients.coefficient - whole.coefficient as coefficient
    from coefficients
    inner join coefficients as whole using (series_code, term_code)
    where whole.left_out_code = 'none'

),

calendar_changes as (

    select
        series_code,
        parts.left_out_code,
        season_regime_code,
        day_class_code,
        weekday_code,
        parts.day_class_part_mw - whole.day_class_part_mw as day_class_part_mw,
        parts.holidays_part_mw - whole.holidays_part_mw as holidays_part_mw,
        -- Told against the mean of the same days.
        parts.regime_part_mw - whole.regime_part_mw
        + sum(whole.midweek_part_mw * parts.days_count) over same_days / sum(parts.days_count) over same_days
            as regime_part_mw
    from calendar_parts as parts
    inner join calendar_parts as whole using (series_code, season_regime_code, day_class_code, weekday_code)
    where whole.left_out_code = 'none'
    window same_days as (partition by series_code, parts.left_out_code)

),

term_drivers as (

    select
        terms.left_term_code as term_code,
        driver_quantities.driver_code
    from {{ ref('int_term_pairs_listed') }} as terms
    inner join {{ ref('driver_quantities') }} as driver_quantities using (quantity_code)
    where terms.is_square

),

listed_terms as (

    select
        * exclude (terms),
        unnest(terms, recursive := true) -- noqa: AL03
    from groups

),

term_sums as (

    select
        series_code,
        sum_series_code,
        calendar_quarter_code,
        term_code,
        sum(term_sum) as part_sum_mw,
        sum(term_load_sum) as part_load_mw2,
        sum(term_hours_sum) as part_energy_mwh
    from listed_terms
    group by all

),

-- The days that stay, and what the parts of the calendar change by on them: their sum, that times the load, and that
-- times the hours.
remaining_days as (

    select
        left_out.sum_series_code,
        left_out.left_out_code,
        {% for driver in calendar_drivers -%}
        {% for measure, weight in weights.items() -%}
        sum(parts.{{ driver }}_part_mw * groups.{{ weight }}) as {{ driver }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}
        {% for measure in ['days_count', 'load_sum_mw', 'load_square_sum_mw2', 'load_energy_mwh'] -%}
        -- Every part of a sum has its days.
        sum(groups.{{ measure }}) / max(left_out.regions_count) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from groups
    inner join left_out
        on
            groups.series_code = left_out.series_code
            and groups.sum_series_code = left_out.sum_series_code
            and groups.calendar_quarter_code <> left_out.left_out_code
    inner join calendar_changes as parts
        on
            left_out.series_code = parts.series_code
            and left_out.own_left_out_code = parts.left_out_code
            and groups.season_regime_code = parts.season_regime_code
            and groups.day_class_code = parts.day_class_code
            and groups.weekday_code = parts.weekday_code
    group by all

),

part_sums as (

    select
        left_out.sum_series_code,
        left_out.left_out_code,
        term_drivers.driver_code,
        {% for measure in weights -%}
        sum({{ explained_by('changes.coefficient', 'term_sums.' ~ measure) }}) as {{ measure }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from term_sums
    inner join left_out
        on
            term_sums.series_code = left_out.series_code
            and term_sums.sum_series_code = left_out.sum_series_code
            and term_sums.calendar_quarter_code <> left_out.left_out_code
    inner join coefficient_changes as changes
        on
            left_out.series_code = changes.series_code
            and left_out.own_left_out_code = changes.left_out_code
            and term_sums.term_code = changes.term_code
    inner join term_drivers on term_sums.term_code = term_drivers.term_code
    group by all
    -- What one region lacks the sum lacks, and counts in the rest.
    having count(distinct case when changes.is_fitted then left_out.series_code end) = max(left_out.regions_count)
    {% for driver in calendar_drivers -%}
    union all
    select
        sum_series_code,
        left_out_code,
        '{{ driver }}' as driver_code,
        {% for measure in weights -%}
        {{ driver }}_{{ measure }} as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from remaining_days
    {% endfor %}
),

shares as (

    select
        sum_series_code,
        left_out_code,
        part_sums.driver_code,
        part_sums.part_energy_mwh / loads.load_energy_mwh as energy_share,
        (part_sums.part_load_mw2 - part_sums.part_sum_mw * loads.load_sum_mw / loads.days_count)
        / (loads.load_square_sum_mw2 - loads.load_sum_mw * loads.load_sum_mw / loads.days_count) as variance_share
    from part_sums
    inner join remaining_days as loads using (sum_series_code, left_out_code)

),

-- What is left of the variance has no interval: on the days fitted it comes out too small.
united as (

    select * from shares
    union all
    select
        sum_series_code,
        left_out_code,
        'rest' as driver_code,
        -sum(energy_share) as energy_share,
        null as variance_share
    from shares
    group by all

),

final as (

    select
        sum_series_code as series_code,
        driver_code,
        count(*) as quarters_count,
        {{ jackknife_se('energy_share') }} as energy_share_se,
        {{ jackknife_se('variance_share') }} as variance_share_se
    from united
    group by sum_series_code, driver_code

)

select * from final
