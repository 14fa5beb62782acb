with

revisions as (select * from {{ ref('stg_lake__revisions') }}),

files as (select * from {{ ref('stg_lake__files') }}),

datasets as (select * from {{ ref('datasets') }}),

simulated as (

    select
        dataset_code,
        bool_or(_is_simulated) as is_simulated
    from files
    group by dataset_code

),

last_revisions as (

    select
        dataset_code,
        max(revised_at) as revised_at
    from revisions
    group by dataset_code

),

-- A month of a dataset may lie in several files, such as those of départements.
summed as (

    select
        dataset_code,
        revised_at,
        period_start_on,
        row_change_code,
        coalesce(published_column_name, '') as published_column_name,
        min(revision_vintage_at) as revision_vintage_at,
        bool_or(is_undone) as is_undone,
        sum(rows_count) as rows_count,
        sum(value_sum_before) as value_sum_before,
        sum(value_sum_after) as value_sum_after,
        max(value_change_largest) as value_change_largest
    from revisions
    group by dataset_code, revised_at, period_start_on, row_change_code, coalesce(published_column_name, '')

),

final as (

    select
        cast(summed.dataset_code as varchar) as dataset_code,
        cast(datasets.dataset_label_fr as varchar) as dataset_label_fr,
        summed.revised_at,
        summed.period_start_on,
        cast(summed.row_change_code as varchar) as row_change_code,
        cast(summed.published_column_name as varchar) as published_column_name,
        summed.revision_vintage_at,
        summed.revised_at = last_revisions.revised_at as is_last_revision,
        summed.is_undone,
        cast(summed.rows_count as bigint) as rows_count,
        summed.value_sum_before,
        summed.value_sum_after,
        summed.value_sum_after - summed.value_sum_before as value_sum_change,
        summed.value_change_largest,
        simulated.is_simulated
    from summed
    inner join last_revisions on summed.dataset_code = last_revisions.dataset_code
    left join simulated on summed.dataset_code = simulated.dataset_code
    left join datasets on summed.dataset_code = datasets.dataset_code

)

select * from final
