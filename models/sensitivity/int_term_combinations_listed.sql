with recursive

specifications as (select * from {{ ref('specifications') }}),

specification_terms as (select * from {{ ref('specification_terms') }}),

regressors as (select * from {{ ref('regressors') }}),

terms as (select * from {{ ref('terms') }}),

droppable as (

    select distinct specification_terms.specification_code
    from specification_terms
    inner join regressors using (regressor_code)
    where regressors.is_dropped_unless_significant

),

-- The full form has every regressor; the reduced one, where there is any to drop, lacks those that are dropped unless
-- they are significant.
forms as (

    select
        specification_code,
        'full' as form_code
    from specifications
    union all
    select
        specification_code,
        'reduced' as form_code
    from droppable

),

-- Regressors whose coefficient is published come last, those that may be dropped at the very end.
slots as (

    select
        specification_terms.*,
        forms.form_code,
        specifications.is_fitted_to_variants,
        regressors.regressor_code is not null as is_slope,
        row_number() over by_form as form_slot_number,
        count(*) over form as slots_count,
        count(regressors.regressor_code) over form as slopes_count
    from specification_terms
    inner join specifications using (specification_code)
    inner join forms using (specification_code)
    left join regressors using (regressor_code)
    where forms.form_code = 'full' or not coalesce(regressors.is_dropped_unless_significant, false)
    window
        form as (partition by specification_terms.specification_code, forms.form_code),
        by_form as (
            partition by specification_terms.specification_code, forms.form_code
            order by
                regressors.regressor_code is not null,
                coalesce(regressors.is_dropped_unless_significant, false),
                specification_terms.slot_number
        )

),

candidates as (

    select
        slots.*,
        terms.term_code,
        terms.parameter,
        row_number() over by_parameter as candidate_number,
        count(*) over slot as candidates_count,
        lpad(cast(row_number() over by_parameter as varchar), 3, '0') as candidate_code
    from slots
    inner join terms
        on
            slots.family_code = terms.family_code
            and terms.parameter between slots.lowest_parameter and slots.highest_parameter
    window
        slot as (partition by slots.specification_code, slots.form_code, slots.form_slot_number),
        by_parameter as (
            partition by slots.specification_code, slots.form_code, slots.form_slot_number
            order by terms.parameter
        )

),

-- One candidate for every slot, slot after slot, for any number of them.
combinations (specification_code, form_code, slots_count, slot_number, combination_code) as (

    select
        specification_code,
        form_code,
        slots_count,
        form_slot_number as slot_number,
        candidate_code as combination_code
    from candidates
    where form_slot_number = 1
    union all
    select
        combinations.specification_code,
        combinations.form_code,
        combinations.slots_count,
        candidates.form_slot_number as slot_number,
        combinations.combination_code || '|' || candidates.candidate_code as combination_code
    from combinations
    inner join candidates
        on
            combinations.specification_code = candidates.specification_code
            and combinations.form_code = candidates.form_code
            and combinations.slot_number + 1 = candidates.form_slot_number

),

combined as (

    select
        combinations.combination_code,
        candidates.*
    from combinations
    inner join candidates
        on
            combinations.specification_code = candidates.specification_code
            and combinations.form_code = candidates.form_code
            and split_part(combinations.combination_code, '|', cast(candidates.form_slot_number as integer))
            = candidates.candidate_code
    where combinations.slot_number = combinations.slots_count

),

-- Balance points that lie too near each other are no combination.
too_near as (

    select
        above.specification_code,
        above.form_code,
        above.combination_code
    from combined as above
    inner join regressors using (regressor_code)
    inner join combined as below
        on
            above.specification_code = below.specification_code
            and above.form_code = below.form_code
            and above.combination_code = below.combination_code
            and regressors.above_regressor_code = below.regressor_code
    where above.parameter < below.parameter + regressors.least_gap

),

numbered as (

    select
        combined.specification_code,
        combined.form_code,
        cast(
            dense_rank() over (
                order by combined.specification_code, combined.form_code, combined.combination_code
            ) as integer
        ) as combination_number,
        cast(combined.slots_count as integer) as slots_count,
        cast(combined.slopes_count as integer) as slopes_count,
        cast(combined.form_slot_number as integer) as slot_number,
        combined.regressor_code,
        combined.term_code,
        combined.parameter,
        combined.is_slope,
        combined.is_fitted_to_variants,
        combined.candidates_count > 1 as is_searched,
        combined.candidates_count > 1 and combined.candidate_number in (1, combined.candidates_count) as is_grid_edge
    from combined
    left join too_near using (specification_code, form_code, combination_code)
    where too_near.combination_code is null

)

select * from numbered
