with

fits as (

    select * from {{ ref('int_forms_chosen') }}
    -- Hours and other temperatures are shown with their jackknife interval alone.
    where series_code like '%|daily'

),

windows as (

    select * from {{ ref('int_windows_listed') }}

),

days as (

    select * from {{ ref('int_regression_days_prepared') }}
    where
        exclusion_code is null
        and series_code like '%|daily'

),

cell_degrees as (

    select * from {{ ref('int_cell_degree_leave_outs_summed') }}
    where left_out_code = 'none'

),

wave_moments as (

    select * from {{ ref('int_wave_moments_reduced') }}
    where left_out_code = 'none'

),

-- Days as distances from the mean of their calendar cell: the effect of the calendar is out.
days_within_cells as (

    select
        *,
        load_mean_mw - avg(load_mean_mw) over by_cell as load_within_mw,
        count(*) over by_cell as cell_days_count
        {%- for wave in yearly_waves() %},
        {{ yearly_wave(wave, 'date_day') }} - avg({{ yearly_wave(wave, 'date_day') }}) over by_cell as {{ wave }}
        {%- endfor %}
    from days
    window by_cell as (partition by series_code, calendar_cell_code)

),

-- What the waves of `season_adjusted` take of degrees and load is out as well; the other specifications have no waves.
within_cells as (

    select
        fits.window_code,
        fits.series_code,
        fits.specification_code,
        days_within_cells.date_day,
        days_within_cells.day_class_code,
        days_within_cells.load_mean_mw,
        days_within_cells.load_within_mw,
        days_within_cells.load_within_mw
        {%- for wave in yearly_waves() %}
        - coalesce(wave_moments.{{ wave }}_of_load_mw, 0) * days_within_cells.{{ wave }}
        {%- endfor %} as load_without_waves_mw,
        {{ heating_degrees('days_within_cells.temperature_c', 'fits.heating_balance_point_c') }}
        - coalesce(heating.degrees_sum_c, 0) / days_within_cells.cell_days_count
        {%- for wave in yearly_waves() %}
        - coalesce(wave_moments.{{ wave }}_of_heating_degrees_c, 0) * days_within_cells.{{ wave }}
        {%- endfor %} as heating_degrees_within_c,
        case
            when fits.form_code = 'heating' then 0
            else
                {{ cooling_degrees('days_within_cells.temperature_c', 'fits.cooling_balance_point_c') }}
                - coalesce(cooling.degrees_sum_c, 0) / days_within_cells.cell_days_count
                {%- for wave in yearly_waves() %}
                - coalesce(wave_moments.{{ wave }}_of_cooling_degrees_c, 0) * days_within_cells.{{ wave }}
                {%- endfor %}
        end as cooling_degrees_within_c,
        fits.form_code,
        fits.heating_slope_mw_per_c,
        fits.cooling_slope_mw_per_c,
        fits.hh_c2,
        fits.hc_c2,
        fits.cc_c2,
        fits.days_count,
        fits.cells_count + case when fits.form_code = 'heating' then 1 else 2 end as parameters_count
    from fits
    inner join windows on fits.window_code = windows.window_code
    inner join days_within_cells
        on
            windows.season_regime_code = days_within_cells.season_regime_code
            and fits.series_code = days_within_cells.series_code
    left join wave_moments
        on
            fits.specification_code = 'season_adjusted'
            and fits.window_code = wave_moments.window_code
            and fits.series_code = wave_moments.series_code
    {% for side in ['heating', 'cooling'] -%}
    left join cell_degrees as {{ side }}
        on
            {{ side }}.side_code = '{{ side }}'
            and fits.{{ side }}_balance_point_c = {{ side }}.balance_point_c
            and days_within_cells.series_code = {{ side }}.series_code
            and days_within_cells.calendar_cell_code = {{ side }}.calendar_cell_code
    {% endfor %}
),

residuals as (

    select
        *,
        load_without_waves_mw
        - heating_slope_mw_per_c * heating_degrees_within_c
        - cooling_slope_mw_per_c * cooling_degrees_within_c as residual_mw
    from within_cells

),

-- How much each day moves each slope: the rows of (X'X)^-1 X'e. Their sums carry over to sums of territories.
influences as (

    select
        window_code,
        series_code,
        specification_code,
        date_day,
        day_class_code,
        load_mean_mw,
        load_within_mw,
        residual_mw,
        case
            when form_code = 'heating' then heating_degrees_within_c / hh_c2
            else (cc_c2 * heating_degrees_within_c - hc_c2 * cooling_degrees_within_c) / (hh_c2 * cc_c2 - hc_c2 * hc_c2)
        end * residual_mw * sqrt(days_count / nullif(days_count - parameters_count, 0)) as heating_influence_mw_per_c,
        case
            when form_code = 'heating_and_cooling'
                then
                    (hh_c2 * cooling_degrees_within_c - hc_c2 * heating_degrees_within_c)
                    / (hh_c2 * cc_c2 - hc_c2 * hc_c2)
        end * residual_mw * sqrt(days_count / nullif(days_count - parameters_count, 0)) as cooling_influence_mw_per_c
    from residuals

)

select * from influences
