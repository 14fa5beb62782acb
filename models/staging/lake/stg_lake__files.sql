with

source as (

    select * from {{ source('lake', 'manifest') }}

),

renamed as (

    select
        dataset as dataset_code,
        path as file_path,
        split_part(path, '/', 1) as portal_code,
        rows as rows_count,
        bytes as size_bytes,
        sha256 as file_sha256,
        -- Cast, because a lake without any value has no type to read from.
        cast(url as varchar) as source_url,
        cast(source_files as varchar[]) as source_file_names,
        cast(fetched_at as timestamptz) as fetched_at,
        cast(portal_modified_at as varchar) as portal_modified_text,
        cast(vintage_from as timestamptz) as vintage_from_at,
        cast(vintage_to as timestamptz) as vintage_to_at,
        cast(first_day as date) as first_day,
        cast(last_day as date) as last_day,
        producer as producer_label_fr,
        licence as licence_label_fr,
        is_simulated as _is_simulated
    from source

)

select * from renamed
