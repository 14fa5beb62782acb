{%- set forms = fit_forms() | rejectattr('slopes') | list -%}
with

moments as (select * from {{ ref('int_predicting_moments_summed') }}),

{% for form in forms -%}
{{ form.name }} as (

    {{ triangles(form.combinations) }}

),

{{ factorization(form.name, form.slots) }},

{% endfor -%}
solved as (

    {% for form in forms -%}
    select
        sample_number,
        combination_number,
        {{ form.slots }} as slots_count,
        {% for slot in range(1, form.slots + 1) -%}
        load_solution_{{ slot }} as coefficient_{{ slot }},
        {% endfor -%}
        load_square_moment_mw2,
        list_inner_product(row_load, row_load) as explained_mw2
    from {{ form.name }}_solved_1
    {{ 'union all by name' if not loop.last }}
    {% else -%}
    select
        sample_number,
        null as combination_number,
        null as slots_count,
        null as load_square_moment_mw2,
        null as explained_mw2
    from moments
    where false
    {% endfor %}
)

select * from solved
