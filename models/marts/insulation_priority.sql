{%- set languages = ['fr', 'en'] -%}
with

criteria as (select * from {{ ref('int_insulation_criteria_computed') }}),

ranks as (select * from {{ ref('int_insulation_ranks_summarised') }}),

territories as (select * from {{ ref('dim_territories') }}),

degree_days as (select * from {{ ref('int_departement_degree_days_summed') }}),

hours as (

    select * from {{ ref('weather_sensitivity_hourly') }}
    where
        territory_level_code = 'region' and client_type_code = 'all' and window_code = 'all'
        and hour_of_day = {{ var('insulation_peak_hour') }}

),

certificates as (select * from {{ ref('int_area_certificates_averaged') }}),

phrases as (select * from {{ ref('priority_phrases') }}),

wording as (

    select
        {%- for phrase in [
            'loss_above', 'loss_below', 'efficiency_above', 'efficiency_below', 'efficiency_equal', 'efficiency_unknown',
            'efficiency_indistinct', 'volume', 'commune', 'epci', 'departement'
        ] %}
        {%- for language in languages %}
        max(phrase_{{ language }}) filter (phrase_code = '{{ phrase }}') as {{ phrase }}_{{ language }},
        {%- endfor %}
        {%- endfor %}
        count(*) as phrases_count
    from phrases

),

winters as (

    select
        departement_code,
        avg(heating_degree_days_c_day) as heating_degree_days_mean_c_day
    from degree_days
    group by departement_code

),

joined as (

    select
        criteria.*,
        territories.territory_label_fr,
        ranks.areas_ranked_count,
        ranks.loss_percentile,
        ranks.efficiency_percentile,
        ranks.volume_percentile,
        ranks.priority_score,
        ranks.priority_rank,
        ranks.priority_rank_ci90_low,
        ranks.priority_rank_ci90_high,
        ranks.top_tenth_share,
        winters.heating_degree_days_mean_c_day,
        hours.heating_hour_factor,
        certificates.certificates_count,
        certificates.certificate_heat_loss_mean_w_per_k,
        certificates.certificate_f_g_share
    from criteria
    inner join territories
        on
            criteria.territory_level_code = territories.territory_level_code
            and criteria.territory_code = territories.territory_code
    left join ranks
        on
            criteria.territory_level_code = ranks.territory_level_code
            and criteria.territory_code = ranks.territory_code
    left join certificates
        on
            criteria.territory_level_code = certificates.territory_level_code
            and criteria.territory_code = certificates.territory_code
    left join winters on criteria.departement_code = winters.departement_code
    left join hours on criteria.region_code = hours.territory_code

),

worded as (

    select
        joined.*,
        {%- for language in languages %}
        {%- set decimal = "'.', ','" if language == 'fr' else "'.', '.'" %}
        concat_ws(
            '{{ " ; " if language == "fr" else "; " }}',
            replace(replace(replace(
                case
                    when joined.loss_percentile >= 0.5 then wording.loss_above_{{ language }}
                    else wording.loss_below_{{ language }}
                end,
                '{loss}', cast(cast(round(joined.loss_w_per_c_per_electric_dwelling) as integer) as varchar)),
                -- The first of all does not exceed itself: never more than 100 %.
                '{loss_pct}', cast(cast(floor(least(
                    100 * greatest(joined.loss_percentile, 1 - joined.loss_percentile), 99
                )) as integer) as varchar)),
                '{level}', case joined.territory_level_code
                    when 'commune' then wording.commune_{{ language }}
                    when 'epci' then wording.epci_{{ language }}
                    else wording.departement_{{ language }}
                end),
            case
                when joined.measured_share = 0 then wording.efficiency_unknown_{{ language }}
                when joined.efficiency_ratio is null then wording.efficiency_indistinct_{{ language }}
                else replace(
                    case
                        when abs(joined.efficiency_ratio - 1) < 0.005 then wording.efficiency_equal_{{ language }}
                        when joined.efficiency_ratio >= 1 then wording.efficiency_above_{{ language }}
                        else wording.efficiency_below_{{ language }}
                    end,
                    '{efficiency_pct}',
                    cast(cast(round(100 * abs(joined.efficiency_ratio - 1)) as integer) as varchar)
                )
            end,
            replace(
                wording.volume_{{ language }}, '{volume}',
                replace(cast(cast(joined.heating_slope_mw_per_c as decimal(12, 2)) as varchar), {{ decimal }})
            )
        ) as priority_reason_{{ language }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from joined
    cross join wording

),

final as (

    select
        territory_level_code,
        territory_code,
        territory_label_fr,
        region_code,
        departement_code,
        case when territory_level_code = 'commune' then epci_code end as epci_code,
        'residential' as client_type_code,
        is_simulated,
        case when told_share > 0 then 'shrunk' else 'allocated' end as estimate_code,
        measured_share,
        main_dwellings_count,
        electrically_heated_main_dwellings_count,
        loss_w_per_c_per_electric_dwelling,
        efficiency_ratio,
        heating_slope_mw_per_c,
        loss_percentile,
        efficiency_percentile,
        volume_percentile,
        priority_score,
        priority_rank,
        priority_rank_ci90_low,
        priority_rank_ci90_high,
        cast(areas_ranked_count as integer) as areas_ranked_count,
        top_tenth_share,
        concat_ws(
            ',',
            nullif(unranked_reason_codes, ''),
            case
                when contains(unranked_reason_codes, 'too_few_electric_dwellings') and territory_level_code = 'commune'
                    then 'see_epci'
            end,
            case
                when efficiency_ratio is not null then null
                when measured_share = 0 then 'efficiency_not_measured'
                else 'efficiency_not_told_apart'
            end
        ) as priority_reason_codes,
        case when priority_rank is not null then priority_reason_fr end as priority_reason_fr,
        case when priority_rank is not null then priority_reason_en end as priority_reason_en,
        cast({{ var('insulation_saving_pct') }} as double) as saving_pct,
        {{ var('insulation_peak_hour') }} as saving_hour_of_day,
        cast({{ var('insulation_peak_temperature_c') }} as double) as saving_temperature_c,
        {{ var('insulation_saving_pct') }} / 100.0 * heating_slope_mw_per_c * heating_hour_factor
        * ({{ var('area_balance_point_c') }} - ({{ var('insulation_peak_temperature_c') }}))
            as peak_load_avoided_mw,
        {{ var('insulation_saving_pct') }} / 100.0 * heating_slope_mw_per_c * 24 * heating_degree_days_mean_c_day / 1000
            as energy_avoided_gwh_per_year,
        certificates_count,
        certificate_heat_loss_mean_w_per_k,
        certificate_f_g_share
    from worded

)

select * from final
