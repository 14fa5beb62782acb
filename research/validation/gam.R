# Generalized additive models by mgcv, region by region: `Rscript gam.R days.csv predicted.csv curve.csv`.
# Calendar cells as levels, smooth terms by restricted maximum likelihood; a term is left out that some day lacks.
suppressPackageStartupMessages(library(mgcv))
arguments <- commandArgs(trailingOnly = TRUE)
days <- read.csv(arguments[1], colClasses = c(territory_code = "character"))
temperatures <- c("temperature_c", "temperature_longer_c", "temperature_raw_c")
fit <- function(data, weather) {
  known <- weather[sapply(weather, function(name) all(!is.na(data[[name]])))]
  terms <- c("cell", "s(day_of_year, bs = 'cc', k = 20)", sprintf("s(%s, k = 10)", known))
  bam(as.formula(paste("load_mean_mw ~", paste(terms, collapse = " + "))), data = data, method = "fREML",
      knots = list(day_of_year = c(0.5, 366.5)))
}
predicted <- curves <- NULL
for (territory in unique(days$territory_code)) {
  own <- days[days$territory_code == territory, ]
  for (model in c("all", "temperature")) {
    weather <- if (model == "all") c(temperatures, "wind_m_s", "cloud_cover_pct") else "temperature_c"
    training <- own[own$is_training == 1, ]
    training$cell <- factor(training$cell)
    held_out <- own[own$is_held_out == 1 & own$latest_cell %in% levels(training$cell), ]
    held_out$cell <- factor(held_out$latest_cell, levels = levels(training$cell))
    predicted <- rbind(predicted, data.frame(territory_code = territory, date_day = held_out$date_day, model = model,
                                             load_predicted_mw = predict(fit(training, weather), held_out)))
  }
  own$cell <- factor(own$cell)
  whole <- fit(own, c(temperatures, "wind_m_s", "cloud_cover_pct"))
  # As the curve is read: a temperature that has lasted as long as every memory, and a degree more of it.
  colder <- warmer <- own
  colder[temperatures] <- own$temperature_c - 0.05
  warmer[temperatures] <- own$temperature_c + 0.05
  slopes <- (predict(whole, warmer, type = "lpmatrix") - predict(whole, colder, type = "lpmatrix")) / 0.1
  for (band in unique(own$temperature_band_code)) {
    mean_slope <- colMeans(slopes[own$temperature_band_code == band, , drop = FALSE])
    curves <- rbind(curves, data.frame(territory_code = territory, temperature_band_code = band,
                                       gam_mw_per_c = sum(mean_slope * coef(whole)),
                                       gam_mw_per_c_se = sqrt(sum(mean_slope * (vcov(whole) %*% mean_slope)))))
  }
}
write.csv(predicted, arguments[2], row.names = FALSE)
write.csv(curves, arguments[3], row.names = FALSE)
cat(R.version.string, "with mgcv", as.character(packageVersion("mgcv")), "\n")
