{#- Fewer certificates than that say nothing of a place's homes. -#}
{%- set fewest = 10 -%}
{%- set levels = [('commune', 'commune_code'), ('epci', 'epci_code'), ('departement', 'departement_code')] -%}
-- What the newest energy certificates say of electrically heated homes. Means, not sums: sold and let homes are rated.
with

certificates as (select * from {{ ref('stg_ademe__energy_certificates') }}),

communes as (select * from {{ ref('dim_communes') }}),

successors as (select * from {{ ref('int_commune_successors_resolved') }}),

-- A dwelling that was certified again counts as it is now.
replaced as (

    select distinct replaced_certificate_code
    from certificates
    where replaced_certificate_code is not null

),

placed as (

    select
        communes.commune_code,
        communes.epci_code,
        communes.departement_code,
        certificates.heat_loss_w_per_k,
        certificates.energy_label_code
    from certificates
    left join replaced on certificates.certificate_code = replaced.replaced_certificate_code
    left join successors on certificates.commune_code = successors.former_commune_code
    inner join communes
        on
            coalesce(successors.commune_code, {{ commune_of_arrondissement('certificates.commune_code') }})
            = communes.commune_code
    where certificates.is_electric_heating and replaced.replaced_certificate_code is null

),

final as (

    {% for level, code in levels -%}
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        cast(count(*) as integer) as certificates_count,
        case when count(heat_loss_w_per_k) >= {{ fewest }} then avg(heat_loss_w_per_k) end
            as certificate_heat_loss_mean_w_per_k,
        case
            when count(heat_loss_w_per_k) >= {{ fewest }}
                then stddev_samp(heat_loss_w_per_k) / sqrt(count(heat_loss_w_per_k))
        end as certificate_heat_loss_mean_w_per_k_se,
        case
            when count(energy_label_code) >= {{ fewest }}
                then avg(case when energy_label_code in ('F', 'G') then 1.0 else 0.0 end)
        end as certificate_f_g_share
    from placed
    where {{ code }} is not null
    group by {{ code }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
