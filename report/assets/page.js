"use strict";
(() => {
  const page = JSON.parse(document.getElementById("payload").textContent);
  const editions = [...document.querySelectorAll(".edition")];
  const rowsByName = new Map();
  const drawings = new Map();
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
    holder.replaceChildren();
    const dataset = page.datasets[namesOf(figure).main];
    const table = element("table");
    table.append(element("caption", titleOf(figure), { class: "unseen" }));
    const head = element("tr");
    for (const column of dataset.shown) {
      head.append(element("th", column[language], { scope: "col", ...(column.digits === null ? {} : { class: "n" }) }));
    }
    const body = element("tbody");
    for (const row of shownRows(figure, namesOf(figure).main)) {
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

  // --- Choices: a control of a view shows one of its panels, or keeps the rows that have its value ------------------

  const controlsOf = (sheet) => [...sheet.querySelectorAll("[data-control]")];
  const isChosen = (control) => control.type !== "radio" || control.checked;
  /** A slider moves over a list: its place in it stands for the value and the words that are there. */
  const placed = (control, list) => JSON.parse(control.dataset[list])[Number(control.value)];
  const valueOf = (control) => (control.type === "range" ? placed(control, "values") : control.value);
  const wordsOf = (control) =>
    control.type === "range" ? placed(control, "words") : [...control.options].find((option) => option.value === control.value).textContent;
  const choicesOf = (sheet) => Object.fromEntries(controlsOf(sheet).filter(isChosen).map((each) => [each.name, valueOf(each)]));

  function setChoices(sheet, asked) {
    for (const form of sheet.querySelectorAll("form")) form.reset();
    for (const control of controlsOf(sheet)) {
      const value = asked.get(control.name);
      if (control.type === "radio") control.checked ||= control.value === value;
      else if (control.type === "range") {
        const at = JSON.parse(control.dataset.values).indexOf(value);
        if (at >= 0) control.value = at;
      }
      else if ([...control.options].some((option) => option.value === value)) control.value = value;
    }
  }

  function applyChoices(sheet) {
    const choices = choicesOf(sheet);
    for (const slider of sheet.querySelectorAll("input[type=range][data-control]")) {
      slider.parentElement.querySelector("output").textContent = wordsOf(slider);
      slider.setAttribute("aria-valuetext", wordsOf(slider));
    }
    for (const panel of sheet.querySelectorAll("[data-panel]")) panel.hidden = choices[panel.dataset.panel] !== panel.dataset.value;
    for (const figure of sheet.querySelectorAll(".chart")) {
      const filtered = JSON.stringify(filtersOf(figure));
      if (figure.dataset.filtered === filtered) continue;
      if (figure.dataset.filtered !== undefined) delete figure.dataset.drawn;
      figure.dataset.filtered = filtered;
      if (figure.querySelector("details").open) fillTable(figure);
    }
    drawVisible();
  }

  /** The controls that the figure listens to, and what they are set to. */
  function filtersOf(figure) {
    const choices = choicesOf(figure.closest(".sheet"));
    return JSON.parse(figure.dataset.filters).map((name) => [name, choices[name]]);
  }

  function shownRows(figure, name) {
    const filters = filtersOf(figure);
    return rowsOf(name).filter((row) => filters.every(([column, value]) => String(row[column]) === value));
  }

  function titleOf(figure) {
    const sheet = figure.closest(".sheet");
    const words = filtersOf(figure).map(([name]) => wordsOf(controlsOf(sheet).find((each) => each.name === name)));
    return [figure.dataset.title, ...words].join(" · ");
  }

  // --- Charts -----------------------------------------------------------------------------------------------------

  const namesOf = (figure) => JSON.parse(figure.dataset.datasets);

  function specificationOf(figure) {
    const specification = structuredClone(page.charts[figure.dataset.kind][language]);
    const datasets = Object.entries(namesOf(figure)).map(([name, dataset]) => [name, shownRows(figure, dataset)]);
    specification.datasets = Object.fromEntries(datasets);
    if (language === "en" && figure.dataset.kind.startsWith("map")) {
      for (const row of specification.transform) {
        if (row.as === "address") row.calculate = row.calculate.replace("#/", "#/en/");
      }
    }
    return specification;
  }

  const embedding = () => ({ actions: false, renderer: "svg", logLevel: ERRORS_ONLY, formatLocale: page.locales[language], loader: { target: "_self" } });

  /** Draws a figure once; after a change of choices, once the drawing under way is done. */
  function draw(figure) {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "started";
    const canvas = figure.querySelector(".canvas");
    const drawing = Promise.resolve(drawings.get(figure))
      .then((last) => {
        last?.finalize();
        if (!shownRows(figure, namesOf(figure).main).length) {
          canvas.textContent = language === "fr" ? "Rien n'est publié pour ce choix." : "Nothing is published for this choice.";
          return undefined;
        }
        return vegaEmbed(canvas, specificationOf(figure), embedding());
      })
      .then(
        (result) => {
          // The picture is one image to a screen reader, its values are in the table.
          canvas.querySelector("svg")?.setAttribute("aria-hidden", "true");
          for (const link of canvas.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
          if (drawings.get(figure) === drawing) figure.dataset.drawn = "done";
          return result;
        },
        (error) => {
          figure.dataset.drawn = "failed";
          canvas.textContent = error.message;
        },
      );
    drawings.set(figure, drawing);
  }

  function drawVisible() {
    for (const figure of edition().querySelectorAll(".sheet:not([hidden]) .chart")) {
      if (figure.offsetParent !== null) draw(figure);
    }
  }

  /** Text in lines of at most so many letters: a picture does not wrap. */
  function wrapped(text, letters) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length > letters && lines.at(-1)) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }

  async function picture(figure, kind) {
    const specification = specificationOf(figure);
    const warning = page.isSimulated ? [language === "fr" ? "DONNÉES SIMULÉES" : "SIMULATED DATA"] : [];
    const isMap = figure.dataset.kind.startsWith("map");
    const sheet = figure.closest(".sheet").dataset.name;
    const how = figure.querySelector(".how").textContent;
    specification.title = {
      text: [...warning, ...wrapped(`${sheet} · ${titleOf(figure)}`, isMap ? 50 : 80)],
      subtitle: [...wrapped(how, isMap ? 75 : 120), ...wrapped(figure.dataset.credit, isMap ? 75 : 120)],
    };
    specification.width = isMap ? 480 : 800;
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
    const lines = shownRows(figure, namesOf(figure).main).map((row) => [...header.map((name) => field(row[name])), ...flag.map(() => "true")]);
    return new Blob(["\ufeff" + [[...header, ...flag], ...lines].map((line) => line.join(separator)).join("\r\n") + "\r\n"], { type: "text/csv" });
  }

  async function download(figure, kind) {
    const blob = kind === "csv" ? csv(figure) : await picture(figure, kind);
    const link = element("a", undefined, { href: URL.createObjectURL(blob), download: fileName(figure, kind) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    document.getElementById("announce").textContent = link.download;
  }

  const chosen = (figure) => filtersOf(figure).map(([, value]) => `-${value}`).join("");
  const fileName = (figure, kind) => `dataelec-${figure.dataset.name}${chosen(figure)}${page.isSimulated ? "-simulated" : ""}.${kind}`;

  // --- Addresses --------------------------------------------------------------------------------------------------

  function parseAddress() {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const parts = decodeURIComponent(path).split("/");
    const isEnglish = parts[0] === "en";
    return {
      language: isEnglish ? "en" : "fr",
      route: parts.slice(isEnglish ? 1 : 0).join("/"),
      choices: new URLSearchParams(query),
    };
  }

  const address = (toLanguage, route, choices) =>
    "#/" + [toLanguage === "en" ? "en" : "", route].filter(Boolean).join("/") + (String(choices) ? `?${choices}` : "");

  /** Writes the choices into the address, so that it may be sent to somebody. */
  function keepChoices(sheet) {
    const choices = new URLSearchParams(choicesOf(sheet));
    history.replaceState(null, "", address(language, sheet.dataset.route, choices));
    for (const link of document.querySelectorAll("[data-switch]")) link.href = address(link.dataset.switch, sheet.dataset.route, choices);
  }

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
    for (const link of document.querySelectorAll("[data-switch]")) link.href = address(link.dataset.switch, route, asked.choices);
    document.documentElement.lang = language;
    document.title = `${sheet.dataset.name} · ${edition().dataset.title}`;
    setChoices(sheet, asked.choices);
    applyChoices(sheet);
    const figure = [...sheet.querySelectorAll(".chart")].find((each) => each.dataset.name === asked.choices.get("figure"));
    if (figure) {
      figure.focus({ preventScroll: true });
      figure.scrollIntoView();
    } else if (!isFirst) {
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
    if (!event.target.matches("[data-control]")) return;
    const sheet = event.target.closest(".sheet");
    keepChoices(sheet);
    applyChoices(sheet);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("input[type=range][data-control]")) applyChoices(event.target.closest(".sheet"));
  });
  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.figures") && event.target.open) fillTable(event.target.closest(".chart"));
  }, true);
  addEventListener("hashchange", () => show(false));
  show(true);
})();
