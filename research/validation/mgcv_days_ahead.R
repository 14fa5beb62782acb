# Forecasts of the next day by mgcv, from a CSV of days with what is known of each the day before, quarter by quarter.
suppressMessages(library(mgcv))
paths <- commandArgs(trailingOnly = TRUE)
days <- read.csv(paths[1], colClasses = c(region_code = "character"))
days$date_day <- as.Date(days$date_day)
days$first_fit_month_on <- as.Date(days$first_fit_month_on)
days$day_class_code <- factor(days$day_class_code)
begun <- paste(grep("^load_(last_)?begun_", names(days), value = TRUE), collapse = " + ")
formula <- as.formula(paste(
  "load_mean_mw ~ day_class_code + s(year_share, bs = 'cc', k = 20) + s(temperature_mean_c, k = 10) +",
  "s(temperature_smoothed_c, k = 10) + years_elapsed + load_last_day_mw + load_last_week_mw + day_class_last +",
  "s(temperature_last_day_c, k = 10) + s(temperature_before_c, k = 10) +", begun
))
answer <- NULL
for (region in unique(days$region_code)) {
  of_region <- days[days$region_code == region, ]
  for (start in as.list(seq(as.Date("2019-01-01"), by = "quarter", length.out = 4))) {
    target <- of_region[of_region$date_day >= start & of_region$date_day < seq(start, by = "quarter", length.out = 2)[2], ]
    known <- of_region[of_region$first_fit_month_on <= start, ]
    fit <- bam(formula, data = known, knots = list(year_share = c(0, 1)))
    target$load_forecast_mw <- predict(fit, target)
    answer <- rbind(answer, target[, c("region_code", "date_day", "load_forecast_mw")])
  }
}
write.csv(answer, paths[2], row.names = FALSE)
