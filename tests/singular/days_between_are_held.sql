-- Warns of days that are not held between the first and the last: periods imported with a gap between them. Nothing is
-- wrong with what is held; sums over the gap are null. A row is a region and the stretch of days that it lacks.
{{ config(severity='warn') }}

select * from {{ ref('int_gaps_listed') }}
