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

series as (

    select * from {{ ref('int_load_series_listed') }}

),

described as (

    select
        fits.*,
        coalesce(heating_days.degree_days_count, 0) as heating_days_count,
        -- Where the search finds no cooling balance point there is nothing to count days above.
        case
            when fits.cooling_balance_point_c is not null or fits.specification_code <> 'free'
                then coalesce(cooling_days.degree_days_count, 0)
        end as cooling_days_count,
        coalesce(fits.specification_code = 'free' and heating_edges.is_grid_edge, false) as is_heating_on_edge,
        coalesce(fits.specification_code = 'free' and cooling_edges.is_grid_edge, false) as is_cooling_on_edge
    from fits
    {% for side in ['heating', 'cooling'] -%}
    left join degree_days as {{ side }}_days
        on
            {{ side }}_days.side_code = '{{ side }}'
            and fits.window_code = {{ side }}_days.window_code
            and fits.series_code = {{ side }}_days.series_code
            and coalesce(fits.{{ side }}_balance_point_c, {{ var('common_' ~ side ~ '_balance_point_c') }})
            = {{ side }}_days.balance_point_c
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
        {{ refusal_reasons('heating') }} as heating_refusal_codes,
        {{ doubt_reasons('heating') }} as heating_doubt_codes,
        {{ refusal_reasons('cooling') }} as cooling_refusal_codes,
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
decided as (

    select
        heating.window_code,
        heating.series_code,
        heating.specification_code,
        case when cooling.cooling_refusal_codes = '' then 'heating_and_cooling' else 'heating' end as form_code,
        coalesce(
            cooling.cooling_refusal_codes,
            case
                when heating.cooling_days_count < {{ fewest_days('cooling') }} then 'cooling_too_few_days'
                else 'cooling_slope_not_positive'
            end
        ) as cooling_refusal_codes,
        coalesce(cooling.cooling_days_count, heating.cooling_days_count) as cooling_days_count
    from judged as heating
    left join cooling
        on
            heating.window_code = cooling.window_code
            and heating.series_code = cooling.series_code
            and heating.specification_code = cooling.specification_code
    where heating.form_code = 'heating'

),

-- An hour takes the form of its day, so that the hours of a day are parts of one model and their mean is the day's.
form_givers as (

    select
        series.series_code,
        form_series.series_code as form_series_code
    from series
    inner join series as form_series
        on
            series.territory_level_code = form_series.territory_level_code
            and series.territory_code = form_series.territory_code
            and series.client_type_code = form_series.client_type_code
            and form_series.variant_code
            = case when series.hour_of_day is null then series.variant_code else 'daily' end

),

chosen as (

    select
        judged.* exclude (cooling_refusal_codes, cooling_doubt_codes, cooling_days_count),
        case
            when judged.form_code = 'heating_and_cooling' then judged.cooling_refusal_codes
            else decided.cooling_refusal_codes
        end as cooling_refusal_codes,
        case when judged.form_code = 'heating_and_cooling' then judged.cooling_doubt_codes else '' end
            as cooling_doubt_codes,
        decided.cooling_days_count
    from judged
    inner join form_givers on judged.series_code = form_givers.series_code
    inner join decided
        on
            judged.window_code = decided.window_code
            and form_givers.form_series_code = decided.series_code
            and judged.specification_code = decided.specification_code
            and judged.form_code = decided.form_code

)

select * from chosen
