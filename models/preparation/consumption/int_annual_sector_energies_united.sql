{%- set long_forms = ore_long_forms() -%}
{%- set wide_forms = ore_wide_forms() -%}
{%- set sectors = ore_sectors() -%}
with

-- One row for each operator, category, sector and division: a territory's sector is the sum over all of them.
{% for level, model, code in long_forms -%}
long_{{ level }} as (

    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        case sector_code
            when 'RESIDENTIEL' then 'residential'
            when 'TERTIAIRE' then 'tertiary'
            when 'INDUSTRIE' then 'industry'
            when 'AGRICULTURE' then 'agriculture'
            else 'unknown'
        end as client_type_code,
        '{{ ore_long_dataset(level) }}' as dataset_code,
        sum(energy_mwh) as energy_mwh,
        sum(energy_published_mwh) as energy_published_mwh,
        sum(delivery_points_count) as delivery_points_count,
        sum(case when energy_mwh is not null then delivery_points_count end) as delivery_points_with_energy_count,
        sum(coalesce(secret_meshes_count, 0)) as secret_meshes_count,
        sum(case when secret_meshes_count > 0 then 1 else 0 end) as secret_rows_count,
        count(*) as source_rows_count,
        bool_or(is_above_subscribed_power) as is_above_subscribed_power,
        bool_or(_is_simulated) as is_simulated
    from {{ ref(model) }}
    where is_electricity
    group by all

),

{% endfor %}
{% for level, model, code in wide_forms -%}
wide_{{ level }} as (

    {% for sector in sectors -%}
    select
        '{{ level }}' as territory_level_code,
        {{ code }} as territory_code,
        calendar_year,
        '{{ sector }}' as client_type_code,
        '{{ ore_wide_dataset(level) }}' as dataset_code,
        sum({{ sector }}_energy_mwh) as energy_mwh,
        sum({{ sector }}_energy_published_mwh) as energy_published_mwh,
        sum({{ sector }}_delivery_points_count) as delivery_points_count,
        sum(case when {{ sector }}_energy_mwh is not null then {{ sector }}_delivery_points_count end)
            as delivery_points_with_energy_count,
        sum(coalesce({{ sector }}_secret_meshes_count, 0)) as secret_meshes_count,
        sum(case when {{ sector }}_secret_meshes_count > 0 then 1 else 0 end) as secret_rows_count,
        count(*) as source_rows_count,
        false as is_above_subscribed_power,
        bool_or(_is_simulated) as is_simulated
    from {{ ref(model) }}
    where is_electricity
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

{% endfor %}
long_forms as (

    {% for level, model, code in long_forms -%}
    select * from long_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

wide_forms as (

    {% for level, model, code in wide_forms -%}
    select * from wide_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- The frozen wide form speaks of the same energies: it stands in for the years that the long form lacks.
united as (

    select * from long_forms
    union all
    select wide_forms.*
    from wide_forms
    anti join long_forms
        on
            wide_forms.territory_level_code = long_forms.territory_level_code
            and wide_forms.calendar_year = long_forms.calendar_year

),

corrected as (

    select
        * replace (
            case
                -- One impossible row makes the sum one; of a sum of which a part is secret, zero says nothing.
                when is_above_subscribed_power then null
                when energy_mwh = 0 and secret_meshes_count > 0 then null
                else energy_mwh
            end as energy_mwh
        ),
        case
            when is_above_subscribed_power then 'above_subscribed_power'
            when coalesce(energy_mwh, 0) = 0 and secret_meshes_count > 0 then 'all_secret'
        end as consumption_correction_code
    from united

)

select * from corrected
