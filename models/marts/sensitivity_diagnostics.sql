with

series as (

    select * from {{ ref('int_load_series_listed') }}
    where territory_level_code = 'region'

),

residuals as (

    select
        series.territory_code,
        series.client_type_code,
        residuals.*
    from {{ ref('int_fit_residuals_computed') }} as residuals
    inner join series on residuals.series_code = series.series_code
    where residuals.window_code = 'all'

),

days as (

    select * from {{ ref('int_regression_days_prepared') }}

),

daily_loads as (

    select * from {{ ref('fct_daily_load') }}

),

loads as (

    select bool_or(is_simulated) as is_simulated
    from {{ ref('fct_half_hourly_load') }}

),

cell_loads as (

    select
        series.territory_code,
        series.client_type_code,
        cell_loads.*
    from {{ ref('int_cell_load_leave_outs_summed') }} as cell_loads
    inner join series on cell_loads.series_code = series.series_code
    where
        series.variant_code = 'daily'
        and cell_loads.left_out_code = 'none'

),

cell_degrees as (

    select * from {{ ref('int_cell_degree_leave_outs_summed') }}
    where left_out_code = 'none'

),

solved as (

    select * from {{ ref('int_slopes_solved') }}

),

chosen as (

    select * from {{ ref('int_forms_chosen') }}

),

-- Residuals by what the fit might have missed: where their mean is far from zero, the model is. Over a day class it is
-- zero by construction; how far they spread differs there.
binned_residuals as (

    select
        residuals.territory_code,
        residuals.client_type_code,
        residuals.specification_code,
        residuals.residual_mw,
        residuals.load_mean_mw,
        cast(cast(2 * floor(days.temperature_c / 2) as integer) as varchar) as temperature_bin_code,
        residuals.day_class_code,
        lpad(cast(month(residuals.date_day) as varchar), 2, '0') as month_code
    from residuals
    inner join days
        on
            residuals.series_code = days.series_code
            and residuals.date_day = days.date_day

),

mean_residuals as (

    {% for diagnostic, bin in [
        ('residual_by_temperature', 'temperature_bin_code'),
        ('residual_by_day_class', 'day_class_code'),
        ('residual_by_month', 'month_code'),
    ] -%}
    select
        territory_code,
        client_type_code,
        specification_code,
        '{{ diagnostic }}' as diagnostic_code,
        {{ bin }} as bin_code,
        count(*) as days_count,
        avg(residual_mw) as residual_mean_mw,
        100 * avg(residual_mw) / avg(load_mean_mw) as residual_mean_pct,
        100 * sqrt(avg(residual_mw * residual_mw)) / avg(load_mean_mw) as residual_rmse_pct
    from binned_residuals
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Moments of each calendar cell at the common balance points; leaving out a winter or a day class is leaving out cells.
cell_moments as (

    select
        cell_loads.territory_code,
        cell_loads.client_type_code,
        'season_' || substr(cell_loads.season_regime_code, 1, 4) as season_code,
        cell_loads.day_class_code,
        cell_loads.days_count,
        {% for side, letter in [('heating', 'h'), ('cooling', 'c')] -%}
        coalesce({{ within_moment(
            'cell_loads.days_count', side ~ '.degrees_sum_c', side ~ '.degrees_sum_c', side ~ '.degrees_square_sum_c2'
        ) }}, 0) as {{ letter ~ letter }}_c2,
        coalesce({{ within_moment(
            'cell_loads.days_count', side ~ '.degrees_sum_c', 'cell_loads.load_sum_mw', side ~ '.degrees_load_sum_mw_c'
        ) }}, 0) as {{ letter }}y_mw_c,
        {% endfor -%}
        coalesce(-heating.degrees_sum_c * cooling.degrees_sum_c / cell_loads.days_count, 0) as hc_c2
    from cell_loads
    {% for side in ['heating', 'cooling'] -%}
    left join cell_degrees as {{ side }}
        on
            {{ side }}.side_code = '{{ side }}'
            and {{ side }}.balance_point_c = {{ var('common_' ~ side ~ '_balance_point_c') }}
            and cell_loads.series_code = {{ side }}.series_code
            and cell_loads.calendar_cell_code = {{ side }}.calendar_cell_code
    {% endfor %}
),

left_out_bins as (

    select distinct
        territory_code,
        client_type_code,
        'slope_without_season' as diagnostic_code,
        season_code as bin_code
    from cell_moments
    union all
    select distinct
        territory_code,
        client_type_code,
        'slope_without_day_class' as diagnostic_code,
        day_class_code as bin_code
    from cell_moments

),

leave_outs as (

    select
        cell_moments.territory_code,
        cell_moments.client_type_code,
        left_out_bins.diagnostic_code,
        left_out_bins.bin_code,
        sum(cell_moments.days_count) as days_count,
        sum(cell_moments.hh_c2) as hh_c2,
        sum(cell_moments.hc_c2) as hc_c2,
        sum(cell_moments.cc_c2) as cc_c2,
        sum(cell_moments.hy_mw_c) as hy_mw_c,
        sum(cell_moments.cy_mw_c) as cy_mw_c
    from cell_moments
    inner join left_out_bins
        on
            cell_moments.territory_code = left_out_bins.territory_code
            and cell_moments.client_type_code = left_out_bins.client_type_code
            and left_out_bins.bin_code not in (cell_moments.season_code, cell_moments.day_class_code)
    group by all

),

slopes_without as (

    select
        territory_code,
        client_type_code,
        diagnostic_code,
        bin_code,
        days_count,
        case
            when cc_c2 > 1e-6 then {{ heating_slope_two('hh_c2', 'hc_c2', 'cc_c2', 'hy_mw_c', 'cy_mw_c') }}
            else hy_mw_c / nullif(hh_c2, 0)
        end as heating_slope_mw_per_c
    from leave_outs

),

slopes_by_balance_point as (

    select
        series.territory_code,
        series.client_type_code,
        'slope_by_balance_point' as diagnostic_code,
        cast(solved.heating_balance_point_c as varchar) as bin_code,
        solved.days_count,
        solved.heating_slope_mw_per_c
    from solved
    inner join series on solved.series_code = series.series_code
    where
        series.variant_code = 'daily'
        and solved.window_code = 'all'
        and solved.left_out_code = 'none'
        and not solved.is_with_waves
        and solved.cooling_balance_point_c = {{ var('common_cooling_balance_point_c') }}

),

slopes_by_temperature_memory as (

    select
        series.territory_code,
        series.client_type_code,
        'slope_by_temperature_memory' as diagnostic_code,
        series.temperature_code as bin_code,
        chosen.days_count,
        chosen.heating_slope_mw_per_c
    from chosen
    inner join series on chosen.series_code = series.series_code
    where
        chosen.window_code = 'all'
        and chosen.specification_code = 'common'
        -- The categories of clients are fitted with one temperature.
        and series.client_type_code = 'all'
        and series.hour_of_day is null

),

-- Days that one might doubt, or that another would have left out: the slope of the others, from days.
left_outs (bin_code, is_known_of_categories) as (

    values ('incomplete', false), ('below_0_c', true), ('july_and_august', true), ('weekends_and_special_days', true)

),

kept_days as (

    select
        series.territory_code,
        series.client_type_code,
        left_outs.bin_code,
        days.calendar_cell_code,
        days.load_mean_mw as y,
        {{ heating_degrees('days.temperature_c', var('common_heating_balance_point_c')) }} as h,
        {{ cooling_degrees('days.temperature_c', var('common_cooling_balance_point_c')) }} as c
    from days
    inner join series on days.series_code = series.series_code
    inner join left_outs on series.client_type_code = 'all' or left_outs.is_known_of_categories
    left join daily_loads
        on
            series.territory_code = daily_loads.region_code
            and days.date_day = daily_loads.date_day
    where
        series.variant_code = 'daily'
        and days.exclusion_code is null
        and not case left_outs.bin_code
            when 'incomplete' then daily_loads.half_hours_valid_count < daily_loads.half_hours_expected_count
            when 'below_0_c' then days.temperature_c < 0
            when 'july_and_august' then month(days.date_day) in (7, 8)
            when 'weekends_and_special_days'
                then split_part(days.day_class_code, '_', 1) not in ('monday', 'midweek', 'friday')
        end

),

kept_cells as (

    select
        territory_code,
        client_type_code,
        bin_code,
        count(*) as days_count,
        {% for a, b in [('h', 'h'), ('h', 'c'), ('c', 'c'), ('h', 'y'), ('c', 'y')] -%}
        {{ within_moment('count(*)', 'sum(' ~ a ~ ')', 'sum(' ~ b ~ ')', 'sum(' ~ a ~ ' * ' ~ b ~ ')') }} as {{ a ~ b }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from kept_days
    group by territory_code, client_type_code, bin_code, calendar_cell_code

),

slopes_without_days as (

    select
        territory_code,
        client_type_code,
        'slope_without_days' as diagnostic_code,
        bin_code,
        sum(days_count) as days_count,
        case
            when sum(cc) > 1e-6 then {{ heating_slope_two('sum(hh)', 'sum(hc)', 'sum(cc)', 'sum(hy)', 'sum(cy)') }}
            else sum(hy) / nullif(sum(hh), 0)
        end as heating_slope_mw_per_c
    from kept_cells
    group by all

),

unioned as (

    select * from mean_residuals
    union all by name
    select * from slopes_without
    union all by name
    select * from slopes_without_days
    union all by name
    select * from slopes_by_balance_point
    union all by name
    select * from slopes_by_temperature_memory

),

final as (

    select
        'region' as territory_level_code,
        territory_code,
        client_type_code,
        coalesce(specification_code, 'common') as specification_code,
        diagnostic_code,
        bin_code,
        coalesce(loads.is_simulated, false) as is_simulated,
        cast(days_count as integer) as days_count,
        residual_mean_mw,
        residual_mean_pct,
        residual_rmse_pct,
        heating_slope_mw_per_c
    from unioned
    cross join loads

)

select * from final
