with

client_types as (select * from {{ ref('client_types') }}),

final as (

    select
        cast(client_type_code as varchar) as client_type_code,
        cast(nomenclature_code as varchar) as nomenclature_code,
        cast(client_type_label_fr as varchar) as client_type_label_fr,
        cast(client_type_label_en as varchar) as client_type_label_en
    from client_types

)

select * from final
