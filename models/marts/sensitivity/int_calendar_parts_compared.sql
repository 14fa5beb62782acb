with

-- Sums of a region's days, told against its own load.
groups as (

    select * from {{ ref('int_driver_sums_grouped') }}
    where series_code = sum_series_code

),

left_out as (

    select distinct
        series_code,
        own_left_out_code as left_out_code
    from {{ ref('int_leave_outs_of_sums_listed') }}

),

coefficients as (

    select * from {{ ref('int_slope_leave_outs_united') }}
    where
        window_code = 'all'
        and specification_code = 'predictive'

),

listed_terms as (

    select
        * exclude (terms),
        unnest(terms, recursive := true) -- noqa: AL03
    from groups

),

explained as (

    select
        series_code,
        coefficients.left_out_code,
        listed_terms.season_regime_code,
        listed_terms.day_class_code,
        sum({{ explained_by('coefficients.coefficient', 'listed_terms.term_sum') }}) as explained_sum_mw
    from listed_terms
    inner join coefficients using (series_code, term_code)
    where listed_terms.calendar_quarter_code <> coefficients.left_out_code
    group by all

),

-- What a weekday of each calendar cell is left with.
kinds as (

    select
        groups.series_code,
        left_out.left_out_code,
        groups.season_regime_code,
        groups.day_class_code,
        groups.weekday_code,
        sum(groups.days_count) as days_count,
        sum(groups.load_sum_mw) as load_sum_mw
    from groups
    inner join left_out
        on
            groups.series_code = left_out.series_code
            and groups.calendar_quarter_code <> left_out.left_out_code
    group by all

),

cell_levels as (

    select
        series_code,
        left_out_code,
        season_regime_code,
        day_class_code,
        (sum(kinds.load_sum_mw) - any_value(explained.explained_sum_mw)) / sum(kinds.days_count) as level_mw
    from kinds
    inner join explained using (series_code, left_out_code, season_regime_code, day_class_code)
    group by all

),

-- A regime that lacks a plain day of the week is compared with its own days.
compared as (

    select
        kinds.*,
        own.level_mw as own_level_mw,
        coalesce(plain_days.level_mw, own.level_mw) as weekday_level_mw,
        coalesce(midweek.level_mw, plain_days.level_mw, own.level_mw) as midweek_level_mw
    from kinds
    inner join cell_levels as own using (series_code, left_out_code, season_regime_code, day_class_code)
    left join cell_levels as plain_days
        on
            kinds.series_code = plain_days.series_code
            and kinds.left_out_code = plain_days.left_out_code
            and kinds.season_regime_code = plain_days.season_regime_code
            and kinds.weekday_code = plain_days.day_class_code
    left join cell_levels as midweek
        on
            kinds.series_code = midweek.series_code
            and kinds.left_out_code = midweek.left_out_code
            and kinds.season_regime_code = midweek.season_regime_code
            and midweek.day_class_code = 'midweek'

),

centred as (

    select
        *,
        sum(midweek_level_mw * days_count) over series_days / sum(days_count) over series_days as midweek_mean_mw
    from compared
    window series_days as (partition by series_code, left_out_code)

),

-- A lockdown is no kind of day but a time.
final as (

    select
        series_code,
        left_out_code,
        season_regime_code,
        day_class_code,
        weekday_code,
        days_count,
        weekday_level_mw - midweek_level_mw as day_class_part_mw,
        case when day_class_code = 'lockdown' then 0 else own_level_mw - weekday_level_mw end as holidays_part_mw,
        midweek_level_mw - midweek_mean_mw as midweek_part_mw,
        midweek_part_mw
        + case when day_class_code = 'lockdown' then own_level_mw - weekday_level_mw else 0 end as regime_part_mw
    from centred

)

select * from final
