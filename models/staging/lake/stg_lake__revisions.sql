with

source as (select * from {{ source('lake', 'revisions') }}),

renamed as (

    select
        dataset as dataset_code,
        path as file_path,
        cast(replaced_at as timestamptz) as revised_at,
        cast(replaced_by_vintage as timestamptz) as revision_vintage_at,
        is_undone,
        cast(month as date) as period_start_on,
        change as row_change_code,
        nullif("column", '') as published_column_name,
        rows as rows_count,
        before as value_sum_before,
        after as value_sum_after,
        largest as value_change_largest
    from source

)

select * from renamed
