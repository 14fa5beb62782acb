with

-- 10..19 °C for heating, 18..26 °C for cooling, in steps of half a degree.
heating as (

    select
        'heating' as side_code,
        10 + 0.5 * step as balance_point_c
    from (select unnest(range(0, 19)) as step) as steps

),

cooling as (

    select
        'cooling' as side_code,
        18 + 0.5 * step as balance_point_c
    from (select unnest(range(0, 17)) as step) as steps

),

listed as (

    select * from heating
    union all
    select * from cooling

),

final as (

    select
        side_code,
        cast(balance_point_c as double) as balance_point_c,
        balance_point_c = min(balance_point_c) over (partition by side_code)
        or balance_point_c = max(balance_point_c) over (partition by side_code) as is_grid_edge
    from listed

)

select * from final
