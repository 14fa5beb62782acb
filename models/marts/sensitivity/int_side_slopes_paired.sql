with

series as (

    select * from {{ ref('int_load_series_listed') }}
    where
        is_daily
        and territory_level_code = 'region'

),

leave_outs as (

    select * from {{ ref('int_slope_leave_outs_united') }}
    where
        window_code = 'all'
        and specification_code = 'common'

),

-- A side that the fit leaves out moves nothing.
paired as (

    select
        leave_outs.series_code,
        series.territory_code,
        series.client_type_code,
        leave_outs.left_out_code,
        count(*) over (partition by leave_outs.series_code) - 1 as quarters_count,
        leave_outs.load_mean_mw,
        {% for side in ['heating', 'cooling'] -%}
        coalesce(
            max(case when leave_outs.regressor_code = '{{ side }}' then leave_outs.coefficient end), 0
        ) as {{ side }}_slope_mw_per_c,
        max(case when leave_outs.regressor_code = '{{ side }}' then leave_outs.parameter end)
            as {{ side }}_balance_point_c{{ ',' if not loop.last }}
        {% endfor %}
    from leave_outs
    inner join series using (series_code)
    group by
        leave_outs.series_code,
        series.territory_code,
        series.client_type_code,
        leave_outs.left_out_code,
        leave_outs.load_mean_mw

)

select * from paired
