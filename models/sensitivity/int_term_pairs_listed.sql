with

combinations as (select * from {{ ref('int_term_combinations_listed') }}),

terms as (select * from {{ ref('terms') }}),

-- Each pair once, whichever term comes first; a term with itself too.
pairs as (

    select
        least(first_terms.term_code, second_terms.term_code) as left_term_code,
        greatest(first_terms.term_code, second_terms.term_code) as right_term_code,
        bool_or(first_terms.is_fitted_to_variants) as is_fitted_to_variants,
        bool_or(first_terms.slopes_count > 0 or first_terms.is_fitted_to_variants) as is_fitted_for_slopes,
        bool_or(first_terms.slopes_count = 0) as is_fitted_to_predict
    from combinations as first_terms
    inner join combinations as second_terms
        on
            first_terms.combination_number = second_terms.combination_number
            and first_terms.slot_number <= second_terms.slot_number
    group by 1, 2

),

described as (

    select
        pairs.left_term_code,
        pairs.right_term_code,
        pairs.is_fitted_to_variants,
        pairs.is_fitted_for_slopes,
        pairs.is_fitted_to_predict,
        left_terms.quantity_code,
        right_terms.quantity_code as right_quantity_code,
        left_terms.shape_code,
        left_terms.quantity_code || ' ' || left_terms.shape_code as term_kind_code,
        left_terms.parameter,
        -- No day is both below a balance point and above one that is no lower.
        coalesce(
            left_terms.quantity_code = right_terms.quantity_code
            and (
                (
                    left_terms.shape_code = 'above'
                    and right_terms.shape_code = 'below'
                    and left_terms.parameter >= right_terms.parameter
                )
                or (
                    left_terms.shape_code = 'below'
                    and right_terms.shape_code = 'above'
                    and left_terms.parameter <= right_terms.parameter
                )
            ),
            false
        ) as is_never_on_one_day
    from pairs
    inner join terms as left_terms on pairs.left_term_code = left_terms.term_code
    inner join terms as right_terms on pairs.right_term_code = right_terms.term_code

),

-- What variants of the day are fitted to comes first, then what tells slopes: a number is the place of the pair, or of
-- the term, in the lists of a sample's moments.
term_numbers as (

    select
        left_term_code as term_code,
        cast(
            row_number() over (
                order by is_fitted_to_variants desc, is_fitted_for_slopes desc, left_term_code asc
            ) as integer
        ) as term_number
    from described
    where left_term_code = right_term_code

),

final as (

    select
        described.*,
        cast(
            row_number() over (
                order by
                    described.is_fitted_to_variants desc,
                    described.is_fitted_for_slopes desc,
                    described.left_term_code asc,
                    described.right_term_code asc
            ) as integer
        ) as pair_number,
        left_numbers.term_number as left_term_number,
        right_numbers.term_number as right_term_number,
        described.left_term_code = described.right_term_code as is_square
    from described
    inner join term_numbers as left_numbers on described.left_term_code = left_numbers.term_code
    inner join term_numbers as right_numbers on described.right_term_code = right_numbers.term_code

)

select * from final
