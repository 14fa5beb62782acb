"use strict";
(() => {
  const page = JSON.parse(document.getElementById("payload").textContent);
  const editions = [...document.querySelectorAll(".edition")];
  const rowsByName = new Map();
  const ERRORS_ONLY = 1;
  let language = "fr";

  const edition = () => editions.find((each) => each.dataset.language === language);
  const locale = () => (language === "fr" ? "fr-FR" : "en-GB");

  // --- Data -------------------------------------------------------------------------------------------------------

  function rowsOf(name) {
    if (!rowsByName.has(name)) {
      const values = page.datasets[name].values;
      const names = Object.keys(values);
      const length = names.length ? values[names[0]].length : 0;
      const rows = Array.from({ length }, (_, i) => Object.fromEntries(names.map((column) => [column, values[column][i]])));
      rowsByName.set(name, rows);
    }
    return rowsByName.get(name);
  }

  function numberText(value, digits) {
    const format = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" });
    return format.format(value).replace("-", "\u2212");
  }

  function cellText(column, value) {
    if (value === null) return "–";
    const words = page.labels[column.name]?.[String(value)];
    if (words) return words[language];
    if (column.digits !== null) return numberText(value, column.digits);
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
      return new Intl.DateTimeFormat(locale(), { timeZone: "UTC" }).format(new Date(value + "T00:00:00Z"));
    }
    return String(value);
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function fillTable(figure) {
    const holder = figure.querySelector(".scroll");
    if (holder.firstChild) return;
    const dataset = page.datasets[namesOf(figure).main];
    const table = element("table");
    table.append(element("caption", figure.dataset.title, { class: "unseen" }));
    const head = element("tr");
    for (const column of dataset.shown) {
      head.append(element("th", column[language], { scope: "col", ...(column.digits === null ? {} : { class: "n" }) }));
    }
    const body = element("tbody");
    for (const row of rowsOf(namesOf(figure).main)) {
      const line = element("tr", undefined, { "data-key": dataset.keys.map((key) => row[key]).join("|") });
      for (const column of dataset.shown) {
        const attributes = { "data-column": column.name };
        if (column.digits !== null) Object.assign(attributes, { class: "n", "data-digits": column.digits });
        line.append(element("td", cellText(column, row[column.name]), attributes));
      }
      body.append(line);
    }
    const header = element("thead");
    header.append(head);
    table.append(header, body);
    holder.append(table);
  }

  // --- Charts -----------------------------------------------------------------------------------------------------

  const namesOf = (figure) => JSON.parse(figure.dataset.datasets);

  function specificationOf(figure) {
    const specification = structuredClone(page.charts[figure.dataset.kind][language]);
    const datasets = Object.entries(namesOf(figure)).map(([name, dataset]) => [name, rowsOf(dataset)]);
    specification.datasets = Object.fromEntries(datasets);
    if (language === "en" && figure.dataset.kind.startsWith("map")) {
      for (const row of specification.transform) {
        if (row.as === "address") row.calculate = row.calculate.replace("#/", "#/en/");
      }
    }
    return specification;
  }

  const embedding = () => ({ actions: false, renderer: "svg", logLevel: ERRORS_ONLY, formatLocale: page.locales[language], loader: { target: "_self" } });

  function draw(figure) {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "started";
    const canvas = figure.querySelector(".canvas");
    vegaEmbed(canvas, specificationOf(figure), embedding()).then(
      () => {
        // The picture is one image to a screen reader, its values are in the table.
        canvas.querySelector("svg")?.setAttribute("aria-hidden", "true");
        for (const link of canvas.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
        figure.dataset.drawn = "done";
      },
      (error) => {
        figure.dataset.drawn = "failed";
        canvas.textContent = error.message;
      },
    );
  }

  function drawVisible() {
    for (const figure of edition().querySelectorAll(".sheet:not([hidden]) .chart")) {
      if (figure.offsetParent !== null) draw(figure);
    }
  }

  async function picture(figure, kind) {
    const specification = specificationOf(figure);
    const simulated = page.isSimulated ? (language === "fr" ? "DONNÉES SIMULÉES · " : "SIMULATED DATA · ") : "";
    const sheet = figure.closest(".sheet").dataset.name;
    specification.title = { text: `${simulated}${sheet} · ${figure.dataset.title}`, subtitle: page.credit[language] };
    specification.width = figure.dataset.kind.startsWith("map") ? 480 : 800;
    specification.autosize = { type: "pad" };
    specification.padding = 16;
    specification.background = "white";
    const holder = document.createElement("div");
    const { view } = await vegaEmbed(holder, specification, embedding());
    if (kind === "svg") return new Blob([await view.toSVG()], { type: "image/svg+xml" });
    const canvas = await view.toCanvas(2);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  // --- Downloads --------------------------------------------------------------------------------------------------

  function csv(figure) {
    const dataset = page.datasets[namesOf(figure).main];
    const [separator, decimal] = language === "fr" ? [";", ","] : [",", "."];
    const field = (value) => {
      if (value === null) return "";
      if (typeof value === "number") return String(value).replace(".", decimal);
      // A spreadsheet runs text that starts like a formula.
      const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
      return /[";,\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    };
    const header = dataset.shown.map((column) => column.name);
    const flag = page.isSimulated ? ["is_simulated"] : [];
    const lines = rowsOf(namesOf(figure).main).map((row) => [...header.map((name) => field(row[name])), ...flag.map(() => "true")]);
    return new Blob(["\ufeff" + [[...header, ...flag], ...lines].map((line) => line.join(separator)).join("\r\n") + "\r\n"], { type: "text/csv" });
  }

  async function download(figure, kind) {
    const blob = kind === "csv" ? csv(figure) : await picture(figure, kind);
    const link = element("a", undefined, { href: URL.createObjectURL(blob), download: fileName(figure, kind) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    document.getElementById("announce").textContent = link.download;
  }

  const fileName = (figure, kind) => `dataelec-${figure.dataset.name}${page.isSimulated ? "-simulated" : ""}.${kind}`;

  // --- Addresses --------------------------------------------------------------------------------------------------

  function parseAddress() {
    const parts = decodeURIComponent(location.hash.replace(/^#\/?/, "")).split("/");
    const isEnglish = parts[0] === "en";
    return { language: isEnglish ? "en" : "fr", route: parts.slice(isEnglish ? 1 : 0).join("/") };
  }

  const address = (toLanguage, route) => "#/" + [toLanguage === "en" ? "en" : "", route].filter(Boolean).join("/");

  function show(isFirst) {
    const asked = parseAddress();
    language = asked.language;
    for (const each of editions) each.hidden = each.dataset.language !== language;
    const sheets = [...edition().querySelectorAll(".sheet")];
    const sheet = sheets.find((each) => each.dataset.route === asked.route) ?? sheets[0];
    const route = sheet.dataset.route;
    for (const each of sheets) each.hidden = each !== sheet;
    for (const link of edition().querySelectorAll("[data-menu]")) {
      const menu = link.dataset.menu;
      const isHere = menu === route || (menu === "regions" && route.startsWith("region/"));
      if (isHere) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const link of document.querySelectorAll("[data-switch]")) link.href = address(link.dataset.switch, route);
    document.documentElement.lang = language;
    document.title = `${sheet.dataset.name} · ${edition().dataset.title}`;
    drawVisible();
    if (!isFirst) {
      scrollTo(0, 0);
      sheet.querySelector("h1").focus({ preventScroll: true });
    }
  }

  // --- Events -----------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const skip = event.target.closest("[data-skip]");
    if (skip) {
      event.preventDefault();
      edition().querySelector(".sheet:not([hidden]) h1").focus();
    }
    const button = event.target.closest("[data-download]");
    if (button) download(button.closest(".chart"), button.dataset.download);
  });
  document.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-choice]");
    if (!choice) return;
    for (const pair of choice.closest(".sheet").querySelectorAll("[data-measure]")) {
      pair.hidden = pair.dataset.measure !== event.target.value;
    }
    drawVisible();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.figures") && event.target.open) fillTable(event.target.closest(".chart"));
  }, true);
  addEventListener("hashchange", () => show(false));
  show(true);
})();
