with

fits as (

    select * from {{ ref('int_slopes_jackknifed') }}

),

degree_days as (

    select
        window_code,
        series_code,
        side_code,
        balance_point_c,
        degree_days_count
    from {{ ref('int_window_degree_moments_summed') }}
    where left_out_code = 'none'

),

balance_points as (

    select * from {{ ref('int_balance_points_listed') }}

),

described as (

    select
        fits.*,
        coalesce(heating_days.degree_days_count, 0) as heating_days_count,
        coalesce(cooling_days.degree_days_count, 0) as cooling_days_count,
        coalesce(fits.specification_code = 'free' and heating_edges.is_grid_edge, false) as is_heating_on_edge,
        coalesce(fits.specification_code = 'free' and cooling_edges.is_grid_edge, false) as is_cooling_on_edge
    from fits
    {% for side in ['heating', 'cooling'] -%}
    left join degree_days as {{ side }}_days
        on
            {{ side }}_days.side_code = '{{ side }}'
            and fits.window_code = {{ side }}_days.window_code
            and fits.series_code = {{ side }}_days.series_code
            and fits.{{ side }}_balance_point_c = {{ side }}_days.balance_point_c
    {% endfor -%}
    left join balance_points as heating_edges
        on
            heating_edges.side_code = 'heating'
            and fits.heating_balance_point_c = heating_edges.balance_point_c
    left join balance_points as cooling_edges
        on
            cooling_edges.side_code = 'cooling'
            and fits.cooling_balance_point_c = cooling_edges.balance_point_c

),

-- Each side is judged on the fit that has it.
judged as (

    select
        *,
        {{ refusal_reasons('heating', minimum_days=30) }} as heating_refusal_codes,
        {{ doubt_reasons('heating') }} as heating_doubt_codes,
        {{ refusal_reasons('cooling', minimum_days=10) }} as cooling_refusal_codes,
        {{ doubt_reasons('cooling') }} as cooling_doubt_codes
    from described

),

cooling as (

    select * from judged
    where
        form_code = 'heating_and_cooling'
        -- Else no pair of balance points fits the whole window.
        and cooling_balance_point_c is not null

),

-- The cooling term stays wherever it is told apart from zero, however roughly: heating would bend without it. It is
-- dropped where it is not, and heating is judged alone.
chosen as (

    select
        judged.* exclude (cooling_refusal_codes, cooling_doubt_codes, cooling_days_count),
        coalesce(cooling.cooling_refusal_codes, 'cooling_slope_not_positive') as cooling_refusal_codes,
        coalesce(cooling.cooling_doubt_codes, '') as cooling_doubt_codes,
        coalesce(cooling.cooling_days_count, 0) as cooling_days_count
    from judged
    left join cooling
        on
            judged.window_code = cooling.window_code
            and judged.series_code = cooling.series_code
            and judged.specification_code = cooling.specification_code
    where
        judged.form_code = case
            when cooling.cooling_refusal_codes = '' then 'heating_and_cooling'
            else 'heating'
        end

)

select * from chosen
