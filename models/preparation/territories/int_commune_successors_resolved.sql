-- The commune that the people of a former code belong to in the newest year held: by the codes that a commune says it
-- had, and by the commune that a delegated or associated one is part of.
with

communes as (select * from {{ ref('stg_etalab__communes') }}),

newest as (

    select *
    from communes
    qualify coalesce(territory_year, 0) = max(coalesce(territory_year, 0)) over ()

),

former as (

    select
        unnest(former_commune_codes) as former_commune_code,
        commune_code
    from newest
    where commune_kind_code = 'commune-actuelle'
    union
    select
        commune_code as former_commune_code,
        head_commune_code as commune_code
    from newest
    where head_commune_code is not null

),

final as (

    select
        former.former_commune_code,
        -- A code of two communes' past is neither's.
        min(former.commune_code) as commune_code
    from former
    left join newest
        on former.former_commune_code = newest.commune_code and newest.commune_kind_code = 'commune-actuelle'
    -- A code still in use, or in use again, is not a former one.
    where newest.commune_code is null
    group by former.former_commune_code
    having count(distinct former.commune_code) = 1

)

select * from final
