{%- set forms = fit_forms() | rejectattr('slopes') | list -%}
{%- set pair_numbers, listed = numbers_of_pairs(), moments_listed('predicting') -%}
-- By Cholesky's method, a step a term. Lists that go from step to step take a quarter of the memory of steps written
-- out one after another, where a query holds vectors for every column of every step.
with recursive

moments as (select * from {{ ref('int_predicting_moments_summed') }}),

-- The rows of X'X from the diagonal on, each with its product with the load at the end. A term that is not known of
-- every day has nothing in common with any, itself included.
triangles as (

    {% for form in forms -%}
    {% set is_last_form = loop.last -%}
    {% for combination in form.combinations -%}
    {% set terms = combination.term_numbers -%}
    select
        sample_number,
        load_square_moment_mw2,
        {{ combination.combination_number }} as combination_number,
        {{ form.slots }} as slots_count,
        [
            {% for left in terms -%}
            [
                {%- for right in terms[loop.index0:] -%}
                coalesce(term_moments[{{ listed.term_moments.index('moment_' ~ pair_numbers[(left, right)]) + 1 }}], 0),
                {%- endfor -%}
                coalesce(load_moments[{{ listed.load_moments.index('load_' ~ left) + 1 }}], 0)
            ]{{ ',' if not loop.last }}
            {% endfor %}
        ] as moments
    from moments
    {{ 'union all' if not (loop.last and is_last_form) }}
    {% endfor -%}
    {% else -%}
    select
        null as sample_number,
        null as load_square_moment_mw2,
        null as combination_number,
        null as slots_count,
        cast([] as double[][]) as moments
    from moments
    where false
    {% endfor %}
),

-- Rows of the triangle L with LL' = X'X, that of the load last; each step makes them an element longer and uses up the
-- first row of X'X that is left. A term that the calendar and the terms before it already hold has no share of its own
-- and is divided by infinity: where terms only predict, none is fitted for its own sake.
factored as (

    select
        *,
        1 as step_number,
        list_transform(range(slots_count + 1), lambda number: cast([] as double[])) as factor
    from triangles
    union all
    select
        sample_number,
        load_square_moment_mw2,
        combination_number,
        slots_count,
        moments[2:] as moments,
        step_number + 1 as step_number,
        list_transform(
            range(1, slots_count + 2),
            lambda place: list_append(factor[place], case
                when place < step_number then 0
                when place = step_number then root
                else
                    (
                        moments[1][place - step_number + 1]
                        - list_inner_product(factor[place], factor[step_number])
                    ) / root
            end)
        ) as factor
    from (
        select
            *,
            case
                when share_mw2 > 1e-6 and share_mw2 > {{ least_tolerance() }} * moments[1][1]
                    then sqrt(share_mw2)
                else cast('infinity' as double)
            end as root
        from (
            select
                *,
                moments[1][1] - list_inner_product(factor[step_number], factor[step_number]) as share_mw2
            from factored
            where step_number <= slots_count
        ) as shared
    ) as rooted

),

-- From the last term to the first.
solved as (

    select
        * exclude (moments, step_number),
        slots_count as step_number,
        cast([] as double[]) as coefficients
    from factored
    where step_number > slots_count
    union all
    select
        * exclude (step_number, coefficients),
        step_number - 1 as step_number,
        list_prepend(
            (
                factor[slots_count + 1][step_number] - list_inner_product(
                    list_transform(factor[step_number + 1:slots_count], lambda own: own[step_number]), coefficients
                )
            ) / factor[step_number][step_number],
            coefficients
        ) as coefficients
    from solved
    where step_number > 0

),

final as (

    select
        sample_number,
        combination_number,
        slots_count,
        load_square_moment_mw2,
        list_inner_product(factor[slots_count + 1], factor[slots_count + 1]) as explained_mw2,
        coefficients
    from solved
    where step_number = 0

)

select * from final
