with

files as (select * from {{ ref('stg_lake__files') }}),

datasets as (select * from {{ ref('datasets') }}),

dates as (select * from {{ ref('dim_dates') }}),

-- Which calendar spoke: the portal's, where it is held, or the project's own seeds.
calendars as (

    select
        'fr-en-calendrier-scolaire' as dataset_code,
        count(*) filter (school_calendar_source_code <> 'seed') as calendar_days_count
    from dates
    union all
    select
        'jours-feries' as dataset_code,
        count(*) filter (public_holiday_source_code <> 'seed') as calendar_days_count
    from dates

),

summed as (

    select
        dataset_code,
        any_value(portal_code) as portal_code,
        any_value(producer_label_fr) as producer_label_fr,
        any_value(licence_label_fr) as licence_label_fr,
        count(*) filter (rows_count > 0) as files_count,
        sum(rows_count) as rows_count,
        coalesce(sum(size_bytes) filter (rows_count > 0), 0) as size_bytes,
        min(first_day) as first_day,
        max(last_day) as last_day,
        min(vintage_from_at) as vintage_from_at,
        max(vintage_to_at) as vintage_to_at,
        max(fetched_at) as fetched_at,
        max(fetched_at) filter (rows_count > 0 and source_url is not null) as extracted_at,
        max(fetched_at) filter (rows_count > 0 and source_url is null) as deposited_at,
        max(vintage_to_at) filter (rows_count > 0 and source_url is null) as deposited_vintage_to_at,
        max(portal_modified_text) as portal_modified_text,
        string_agg(distinct split_part(source_url, '?', 1), ' ') as source_urls,
        array_to_string(list_sort(list_distinct(flatten(list(source_file_names)))), ' ') as source_file_names,
        bool_or(_is_simulated) as is_simulated
    from files
    group by dataset_code

),

final as (

    select
        cast(summed.dataset_code as varchar) as dataset_code,
        cast(datasets.dataset_label_fr as varchar) as dataset_label_fr,
        cast(summed.portal_code as varchar) as portal_code,
        cast(summed.producer_label_fr as varchar) as producer_label_fr,
        cast(summed.licence_label_fr as varchar) as licence_label_fr,
        cast(datasets.proof_code as varchar) as proof_code,
        summed.is_simulated,
        summed.rows_count > 0 as is_held,
        cast(summed.files_count as bigint) as files_count,
        cast(summed.rows_count as bigint) as rows_count,
        cast(summed.size_bytes as bigint) as size_bytes,
        summed.first_day,
        summed.last_day,
        summed.vintage_from_at,
        summed.vintage_to_at,
        summed.fetched_at,
        summed.portal_modified_text,
        calendars.calendar_days_count,
        cast(summed.source_urls as varchar) as source_urls,
        cast(nullif(summed.source_file_names, '') as varchar) as source_file_names,
        -- What the licence asks for beside a figure. Nobody knows when files that people hold were extracted, only when
        -- they were deposited here; a vintage of the same day may be no more than the date of a copy.
        case
            when summed.rows_count > 0
                then concat_ws(
                    ', ',
                    case when summed.is_simulated then 'Données simulées, dans la forme de : ' else '' end
                    || summed.producer_label_fr,
                    datasets.dataset_label_fr,
                    summed.licence_label_fr,
                    'extrait le ' || strftime(summed.extracted_at, '%d/%m/%Y'),
                    case when summed.is_simulated then 'généré le ' else 'fichier déposé le ' end
                    || strftime(summed.deposited_at, '%d/%m/%Y'),
                    case
                        when cast(summed.deposited_vintage_to_at as date) < cast(summed.deposited_at as date)
                            then 'version du ' || strftime(summed.deposited_vintage_to_at, '%d/%m/%Y')
                    end
                )
        end as attribution_fr
    from summed
    left join datasets on summed.dataset_code = datasets.dataset_code
    left join calendars on summed.dataset_code = calendars.dataset_code

)

select * from final
