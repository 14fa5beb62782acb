{% macro two_characters(code) -%}
    case when length({{ code }}) = 1 then '0' || {{ code }} else {{ code }} end
{%- endmacro %}


{% macro is_municipal_arrondissement(commune_code) -%}
    coalesce(
        {{ commune_code }} between '13201' and '13216'
        or {{ commune_code }} between '69381' and '69389'
        or {{ commune_code }} between '75101' and '75120',
        false
    )
{%- endmacro %}


{% macro commune_of_arrondissement(commune_code) -%}
    case
        when {{ commune_code }} between '13201' and '13216' then '13055'
        when {{ commune_code }} between '69381' and '69389' then '69123'
        when {{ commune_code }} between '75101' and '75120' then '75056'
        else {{ commune_code }}
    end
{%- endmacro %}


{% macro departement_of_commune(commune_code) -%}
    case when left({{ commune_code }}, 2) = '97' then left({{ commune_code }}, 3) else left({{ commune_code }}, 2) end
{%- endmacro %}
