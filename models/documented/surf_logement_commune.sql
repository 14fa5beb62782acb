with

housing as (select * from {{ ref('fct_commune_housing') }}),

-- The newest census that covers it.
newest as (

    select *
    from housing
    where main_dwellings_under_30_m2_count is not null
    qualify row_number() over (partition by commune_code order by census_year desc) = 1

),

final as (

    select
        commune_code as code_commune,
        main_dwellings_under_30_m2_count as surf_moins_30,
        main_dwellings_30_to_39_m2_count as surf_30_40,
        main_dwellings_40_to_59_m2_count as surf_40_60,
        main_dwellings_60_to_79_m2_count as surf_60_80,
        main_dwellings_80_to_99_m2_count as surf_80_100,
        main_dwellings_100_to_119_m2_count as surf_100_120,
        main_dwellings_120_m2_and_over_count as surf_plus_120,
        not_main_dwellings_count as surf_hors_res_principale,
        not_ordinary_dwellings_count as surf_hors_log_ordinaire
    from newest

)

select * from final
