with

source as (select * from {{ source('lake', 'manifest') }}),

renamed as (

    select
        dataset as dataset_code,
        path as file_path,
        split_part(path, '/', 1) as portal_code,
        rows as rows_count,
        bytes as size_bytes,
        sha256 as file_sha256,
        url as source_url,
        source_files as source_file_names,
        fetched_at,
        portal_modified_at as portal_modified_text,
        vintage_from as vintage_from_at,
        vintage_to as vintage_to_at,
        first_day,
        last_day,
        producer as producer_label_fr,
        licence as licence_label_fr,
        is_simulated as _is_simulated
    from source

)

select * from renamed
