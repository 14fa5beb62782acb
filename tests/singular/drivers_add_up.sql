-- A split of energy or variance that loses or doubles something: a row is a territory and client type whose shares,
-- with what is absent counted in the rest, do not add up to 1, or whose share lies outside its own bounds.
with

drivers as (

    select * from {{ ref('consumption_drivers') }}
    where driver_reason_code is null

),

summed as (

    select
        territory_level_code,
        territory_code,
        client_type_code,
        sum(energy_share) as energy_share,
        sum(variance_share) as variance_share,
        count(case when variance_share not between variance_share_least and variance_share_greatest then 1 end)
            as outside_count
    from drivers
    group by territory_level_code, territory_code, client_type_code

),

final as (

    select * from summed
    where
        abs(energy_share - 1) > 1e-9
        or abs(variance_share - 1) > 1e-9
        or outside_count > 0

)

select * from final
