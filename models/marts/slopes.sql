with

sensitivities as (select * from {{ ref('weather_sensitivity') }}),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        is_simulated,
        window_start_on,
        window_end_on,
        {% for side in ['heating', 'cooling'] -%}
        {{ side }}_slope_mw_per_c,
        {{ side }}_slope_mw_per_c_ci95_low,
        {{ side }}_slope_mw_per_c_ci95_high,
        {{ side }}_slope_pct_of_mean_load_per_c,
        {{ side }}_slope_w_per_c_per_inhabitant,
        {{ side }}_fit_status{{ ',' if not loop.last }}
        {% endfor %}
    from sensitivities
    where
        specification_code = 'common'
        and window_code = 'all'
        and client_type_code = 'all'

)

select * from final
