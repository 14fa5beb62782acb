with

source as (select * from {{ source('education', 'fr_en_calendrier_scolaire') }}),

renamed as (

    select
        annee_scolaire as school_year_label_fr,
        location as academie_label_fr,
        zones as school_zone_label_fr,
        description as school_holiday_label_fr,
        population as people_concerned_label_fr,
        -- Days are published as Paris midnight in UTC: 22:00 or 23:00 of the eve.
        cast({{ paris_local_timestamp('start_date') }} as date) as holiday_start_on,
        cast({{ paris_local_timestamp('end_date') }} as date) as holiday_return_on,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from source

),

flagged as (

    select
        school_year_label_fr,
        academie_label_fr,
        school_zone_label_fr,
        case school_zone_label_fr
            when 'Zone A' then 'A'
            when 'Zone B' then 'B'
            when 'Zone C' then 'C'
            when 'Corse' then 'corse'
        end as school_zone_code,
        school_holiday_label_fr,
        people_concerned_label_fr,
        holiday_start_on,
        holiday_return_on,
        coalesce(people_concerned_label_fr = 'Enseignants', false) as is_for_teachers_only,
        -- Some summers are published as the day they begin, and days off of one day as a day that is its own end.
        coalesce(holiday_return_on <= holiday_start_on, true) as is_without_duration,
        _vintage_at,
        _loaded_at,
        _source_file,
        _is_simulated
    from renamed

)

select * from flagged
