with

code_labels as (select * from {{ ref('code_labels') }}),

client_types as (select * from {{ ref('client_types') }}),

quality_reasons as (select * from {{ ref('quality_reasons') }}),

windows as (select * from {{ ref('windows') }}),

specifications as (select * from {{ ref('specifications') }}),

regressors as (select * from {{ ref('regressors') }}),

terms as (select * from {{ ref('terms') }}),

drivers as (select * from {{ ref('drivers') }}),

temperature_bands as (select * from {{ ref('temperature_bands') }}),

cold_snaps as (select * from {{ ref('cold_snaps') }}),

united as (

    select
        code_name,
        code,
        label_fr,
        label_en
    from code_labels
    union all
    select
        'client_type_code' as code_name,
        client_type_code as code,
        client_type_label_fr as label_fr,
        client_type_label_en as label_en
    from client_types
    union all
    select
        'quality_reason_code' as code_name,
        quality_reason_code as code,
        reason_label_fr as label_fr,
        reason_label_en as label_en
    from quality_reasons
    union all
    -- A value that is not used as it stands says why by the same code.
    select
        'correction_code' as code_name,
        quality_reason_code as code,
        reason_label_fr as label_fr,
        reason_label_en as label_en
    from quality_reasons
    union all
    -- A kind of day is a day class or a school holiday.
    select
        'calendar_kind_code' as code_name,
        code,
        label_fr,
        label_en
    from code_labels
    where code_name in ('day_class_code', 'school_holiday_code')
    union all
    {% for listed, code_name in {
        'windows': 'window_code',
        'specifications': 'specification_code',
        'regressors': 'regressor_code',
        'terms': 'term_code',
        'drivers': 'driver_code',
        'temperature_bands': 'temperature_band_code',
        'cold_snaps': 'cold_snap_code',
    }.items() -%}
    select
        '{{ code_name }}' as code_name,
        {{ code_name }} as code,
        label_fr,
        label_en
    from {{ listed }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        cast(code_name as varchar) as code_name,
        cast(code as varchar) as code,
        cast(label_fr as varchar) as label_fr,
        cast(label_en as varchar) as label_en
    from united

)

select * from final
