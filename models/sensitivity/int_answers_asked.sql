with

regions as (

    select * from {{ ref('dim_regions') }}
    -- Metropolitan France: nothing here is published for the overseas regions.
    where school_zone_code is not null

),

series as (

    select * from {{ ref('int_load_series_listed') }}
    where variant_code = 'daily'

),

territories as (

    select
        'region' as territory_level_code,
        region_code as territory_code,
        region_label_fr as territory_label_fr,
        is_load_published
    from regions
    union all
    select
        'country' as territory_level_code,
        'FR' as territory_code,
        'France (12 régions)' as territory_label_fr,
        true as is_load_published

),

-- There is an answer, if only that there is none, before there is any data.
windows_asked_always (window_code) as (

    values ('all'), ('before_2022_09_15'), ('since_2022_09_15')

),

windows as (

    select distinct window_code
    from {{ ref('int_windows_listed') }}
    union
    select window_code from windows_asked_always

),

spans as (

    select * from {{ ref('int_windows_spanned') }}

),

-- Windows with days that have load and temperature; France has them where any of its regions has.
days_held as (

    select
        window_code,
        series_code
    from spans
    union
    select
        spans.window_code,
        series.country_series_code as series_code
    from spans
    inner join series on spans.series_code = series.series_code

),

client_types as (

    select distinct client_type_code
    from series

),

asked as (

    select
        territories.territory_level_code,
        territories.territory_code,
        territories.territory_label_fr,
        client_types.client_type_code,
        windows.window_code,
        series.series_code,
        case
            when not territories.is_load_published then 'no_load_published'
            when days_held.series_code is null then 'load_or_temperature_not_held'
        end as absence_reason_code
    from territories
    cross join client_types
    cross join windows
    left join series
        on
            territories.territory_level_code = series.territory_level_code
            and territories.territory_code = series.territory_code
            and client_types.client_type_code = series.client_type_code
    left join days_held
        on
            series.series_code = days_held.series_code
            and windows.window_code = days_held.window_code

)

select * from asked
