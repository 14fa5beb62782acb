"use strict";
(() => {
  const page = JSON.parse(document.getElementById("payload").textContent);
  const editions = [...document.querySelectorAll(".edition")];
  const rowsByName = new Map();
  const unpacking = new Map();
  const drawings = new Map();
  const ERRORS_ONLY = 1;
  const SEEN = "seen";
  let language = "fr";

  const edition = () => editions.find((each) => each.dataset.language === language);
  const announce = (words) => (document.getElementById("announce").textContent = words);
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

  /** What was packed under a name, unpacked once. */
  function unpacked(name, text) {
    if (!unpacking.has(name)) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      unpacking.set(name, new Response(stream).json());
    }
    return unpacking.get(name);
  }

  /** The rows of a dataset, packed or not. */
  async function allRowsOf(name) {
    const dataset = page.datasets[name];
    if (!dataset.values) dataset.values = await unpacked(name, dataset.packed);
    return rowsOf(name);
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
    return typeset(value);
  }

  /** A value to be read: its apostrophes as printers set them. */
  function typeset(value) {
    return typeof value === "string" ? value.replace(/(?<=[\p{L}\d])'(?=[\p{L}\d])/gu, "\u2019") : value;
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /** Head and body of a table: the columns, and the rows with their keys. */
  function tableParts(columns, rows, keys) {
    const head = element("tr");
    for (const column of columns) {
      head.append(element("th", column[language], { scope: "col", ...(column.digits === null ? {} : { class: "n" }) }));
    }
    const body = element("tbody");
    for (const row of rows) {
      const line = element("tr", undefined, { "data-key": keys.map((key) => row[key]).join("|") });
      for (const column of columns) {
        const attributes = { "data-column": column.name };
        if (column.digits !== null) Object.assign(attributes, { class: "n", "data-digits": column.digits });
        line.append(element("td", cellText(column, row[column.name]), attributes));
      }
      body.append(line);
    }
    const header = element("thead");
    header.append(head);
    return [header, body];
  }

  function fillTable(figure) {
    const holder = figure.querySelector(".scroll");
    const dataset = page.datasets[namesOf(figure).main];
    if (!dataset.values) return void allRowsOf(namesOf(figure).main).then(() => fillTable(figure));
    const table = element("table");
    table.append(element("caption", titleOf(figure), { class: "unseen" }));
    table.append(...tableParts(dataset.shown, shownRows(figure, namesOf(figure).main), dataset.keys));
    holder.replaceChildren(table);
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

  /** A screen is text until it is asked for: a page of thirty screens draws its first one sooner. */
  function build(sheet) {
    const later = sheet.querySelector("noscript.later");
    if (later) later.outerHTML = later.textContent;
  }

  function setChoices(sheet, asked) {
    for (const form of sheet.querySelectorAll("form")) form.reset();
    for (const control of controlsOf(sheet)) {
      const value = asked.get(control.name);
      if (control.type === "hidden") control.value = value ?? "";
      else if (control.type === "radio") control.checked ||= control.value === value;
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
      if (figure.dataset.findings) showFinding(figure);
      if (figure.querySelector("details").open) fillTable(figure);
    }
    showPlace(sheet, choices.territory_code);
    drawVisible();
  }

  /** What is found for the choice made is the heading, before the title; where nothing is, the title stays. */
  function showFinding(figure) {
    const [heading, canvas] = [figure.querySelector("figcaption :is(h2, h3)"), figure.querySelector(".canvas")];
    figure.dataset.generic ??= figure.dataset.title;
    const choice = filtersOf(figure).map(([, value]) => value).join("|");
    const found = JSON.parse(figure.dataset.findings)[choice];
    figure.dataset.title = found ?? figure.dataset.generic;
    figure.querySelector("[data-generic]").textContent = found ? `${figure.dataset.generic}. ` : "";
    canvas.setAttribute("aria-label", canvas.getAttribute("aria-label").replace(heading.textContent, () => figure.dataset.title));
    heading.textContent = figure.dataset.title;
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

  /** A row whose outline, packed as steps along a grid, is GeoJSON again. */
  function outlined(row) {
    if (!Array.isArray(row._outline)) return row;
    const rings = row._outline.map((steps) => {
      const ring = [];
      for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) ring.push([(x += steps[i]), (y += steps[i + 1])]);
      return [...ring, ring[0]];
    });
    return { ...row, _outline: { type: "Feature", geometry: { type: "Polygon", coordinates: rings } } };
  }

  /** A row to be read, with the name of its territory in the language of the page. */
  function withName(row) {
    const words = page.labels.territory_label_fr?.[row.territory_label_fr];
    const named = words ? { ...row, territory_label_fr: words[language] } : row;
    return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, typeset(value)]));
  }

  function specificationOf(figure) {
    const specification = structuredClone(page.charts[figure.dataset.kind][language]);
    const datasets = Object.entries(namesOf(figure)).map(([name, dataset]) => [name, shownRows(figure, dataset).map(outlined).map(withName)]);
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
    const name = canvas.getAttribute("aria-label");
    const drawing = Promise.resolve(drawings.get(figure))
      .then(async (last) => {
        last?.finalize();
        await Promise.all(Object.values(namesOf(figure)).map(allRowsOf));
        if (!shownRows(figure, namesOf(figure).main).length) {
          canvas.textContent = language === "fr" ? "Rien n’est publié pour ce choix." : "Nothing is published for this choice.";
          return undefined;
        }
        return vegaEmbed(canvas, specificationOf(figure), embedding());
      })
      .then(
        (result) => {
          // The picture is one image to a screen reader, its values are in the table; Vega gives it another name.
          canvas.setAttribute("role", "img");
          canvas.setAttribute("aria-label", name);
          canvas.removeAttribute("aria-roledescription");
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

  function csv(columns, rows) {
    const [separator, decimal] = language === "fr" ? [";", ","] : [",", "."];
    const field = (value) => {
      if (value === null) return "";
      if (typeof value === "number") return String(value).replace(".", decimal);
      // A spreadsheet runs text that starts like a formula.
      const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
      return /[";,\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    };
    const header = columns.map((column) => column.name);
    const flag = page.isSimulated ? ["is_simulated"] : [];
    const lines = rows.map((row) => [...header.map((name) => field(row[name])), ...flag.map(() => "true")]);
    return new Blob(["\ufeff" + [[...header, ...flag], ...lines].map((line) => line.join(separator)).join("\r\n") + "\r\n"], { type: "text/csv" });
  }

  function save(blob, name) {
    const link = element("a", undefined, { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    announce(name);
  }

  /** A figure's values with all that is needed to use them elsewhere. */
  function metadata(figure) {
    const { shown, keys } = page.datasets[namesOf(figure).main];
    const names = shown.map((column) => column.name);
    const rows = shownRows(figure, namesOf(figure).main).map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
    const found = {
      title: titleOf(figure),
      description: figure.querySelector(".how").textContent,
      language,
      address: figureAddress(figure),
      credit: figure.dataset.credit,
      citation: page.citation[language],
      code: page.repository,
      made_on: page.madeOn,
      is_simulated: page.isSimulated,
      filters: Object.fromEntries(filtersOf(figure)),
      keys,
      columns: shown.map((column) => ({ name: column.name, label: column[language] })),
      rows,
    };
    return new Blob([JSON.stringify(found, null, 1)], { type: "application/json" });
  }

  /** The address of a figure with the choices made. */
  function figureAddress(figure, more = {}) {
    const sheet = figure.closest(".sheet");
    const choices = new URLSearchParams({ ...choicesOf(sheet), figure: figure.dataset.name, ...more });
    return location.href.split("#")[0] + address(language, sheet.dataset.route, choices);
  }

  /** Shows what another page has to contain to show the figure, ready to be copied. */
  function showEmbedding(figure) {
    const frame = element("iframe", "", { src: figureAddress(figure, { embed: "1" }), title: titleOf(figure), width: "100%", height: "560", loading: "lazy", style: "border:0" });
    const code = figure.querySelector("textarea") ?? element("textarea", "", { readonly: "", rows: "3", "aria-label": language === "fr" ? "Code à intégrer" : "Embed code" });
    code.value = frame.outerHTML;
    figure.append(code);
    code.select();
  }

  async function download(figure, kind) {
    const main = namesOf(figure).main;
    await Promise.all(Object.values(namesOf(figure)).map(allRowsOf));
    const made = { csv: () => csv(page.datasets[main].shown, shownRows(figure, main)), json: () => metadata(figure) };
    const blob = await (made[kind] ?? (() => picture(figure, kind)))();
    save(blob, fileName(figure, kind));
  }

  const chosen = (figure) => filtersOf(figure).map(([, value]) => `-${value}`).join("");
  const named = (words, kind) => `dataelec-${words}${page.isSimulated ? "-simulated" : ""}.${kind}`;
  const fileName = (figure, kind) => named(figure.dataset.name + chosen(figure), kind);

  // --- Places: one sheet, for whichever was looked for --------------------------------------------------------------

  const MOST_FOUND = 8, ALIKE = 5;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").replace(/\bst(e?) /g, "saint$1 ").trim();
  const placeOf = async (code) => (await allRowsOf("places")).find((row) => row.territory_code === code);
  const placeAddress = ({ territory_code, departement_code }) =>
    address(language, "commune", new URLSearchParams({ territory_code, ...(departement_code && { departement_code }) }));

  /** Places whose code begins so, then names that begin so, then names with a word that does; larger ones first. */
  async function searched(text) {
    const asked = plain(text);
    if (!asked) return [];
    const found = [];
    for (const row of await allRowsOf("places")) {
      row._plain ??= ` ${plain(row.territory_label_fr ?? "")}`;
      const at = row._plain.indexOf(` ${asked}`);
      if (row.territory_code.toLowerCase().startsWith(asked) || at >= 0) found.push([at > 0 ? 1 : 0, row]);
    }
    found.sort(([a, one], [b, other]) => a - b || other.main_dwellings_count - one.main_dwellings_count);
    return found.slice(0, MOST_FOUND).map(([, row]) => row);
  }

  /** Whether a place is as a condition says: `a`, `!a`, `a=1`, `a>0`, several joined by `&`. */
  const holds = (row, condition) =>
    condition.split("&").every((each) => {
      const [, not, name, sign, value] = each.match(/^(!?)(\w+)(?:([=>])(.*))?$/);
      if (sign) return sign === ">" ? row[name] > Number(value) : String(row[name]) === value;
      return Boolean(not) === (row[name] === null || row[name] === "");
    });

  async function showPlace(sheet, code) {
    const holder = sheet.querySelector("[data-place]");
    if (!holder) return;
    const rows = code ? await allRowsOf("places") : [];
    const row = rows.find((each) => each.territory_code === code);
    holder.hidden = !row;
    if (!row) return;
    const { shown, keys } = page.datasets.places;
    const columns = Object.fromEntries(shown.map((column) => [column.name, column]));
    for (const each of holder.querySelectorAll("[data-if]")) each.hidden = !holds(row, each.dataset.if);
    for (const each of holder.querySelectorAll("dl [data-column], h2 [data-column], p [data-column]")) {
      const { column, digits, scale } = each.dataset;
      each.textContent = digits === undefined || row[column] === null ? cellText(columns[column], row[column]) : numberText(row[column] * (scale ?? 1), Number(digits));
    }
    const epci = holder.querySelector("[data-epci]");
    const parent = rows.find((each) => each.territory_code === row.epci_code);
    epci.textContent = parent ? `${parent.territory_label_fr ?? ""} ${parent.territory_code}` : row.epci_code;
    if (parent) epci.href = placeAddress(parent);
    const table = holder.querySelector("[data-alike]");
    const alike = alikeOf(row, rows);
    table.replaceChildren(...tableParts(table.dataset.alike.split(" ").map((name) => columns[name]), [row, ...alike], keys));
    for (const [i, line] of [...table.querySelectorAll("tbody tr")].entries()) {
      const place = [row, ...alike][i];
      line.firstChild.replaceChildren(i ? element("a", place.territory_label_fr ?? place.territory_code, { href: placeAddress(place) }) : element("strong", place.territory_label_fr));
    }
    holder.querySelector("[data-place-link]").href = placeAddress(row);
    holder.dataset.place = code;
    if (document.activeElement === sheet.querySelector("h1")) holder.focus();
    document.title = `${row.territory_label_fr ?? code} · ${edition().dataset.title}`;
  }

  /** The places of its level, and of its département if it lies in one, whose main dwellings are nearest in number. */
  function alikeOf(row, rows) {
    if (row.main_dwellings_count === null) return [];
    const distance = (each) => Math.abs(each.main_dwellings_count - row.main_dwellings_count);
    return rows
      .filter((each) => each !== row && each.territory_level_code === row.territory_level_code && each.departement_code === row.departement_code && each.main_dwellings_count !== null)
      .sort((one, other) => distance(one) - distance(other) || (one.territory_code < other.territory_code ? -1 : 1))
      .slice(0, ALIKE);
  }

  async function savePlace(sheet) {
    const rows = await allRowsOf("places");
    const row = await placeOf(choicesOf(sheet).territory_code);
    save(csv(page.datasets.places.shown, [row, ...alikeOf(row, rows)]), named(`commune-${row.territory_code}`, "csv"));
  }

  function closeList(input) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    return list;
  }

  async function openList(input) {
    const asked = input.value;
    const found = await searched(asked);
    if (input.value !== asked) return;
    const list = closeList(input);
    list.replaceChildren(
      ...found.map((row, i) => element("li", `${row.territory_label_fr ?? ""} (${row.departement_code ?? "EPCI"}) ${row.territory_code}`, { role: "option", id: `${list.id}-${i}`, "data-code": row.territory_code, "aria-selected": "false" })),
    );
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (asked) announce(language === "fr" ? `${found.length} propositions` : `${found.length} suggestions`);
  }

  async function choosePlace(input, code) {
    closeList(input);
    input.value = "";
    location.hash = placeAddress(await placeOf(code));
  }

  function moveInList(input, event) {
    const options = [...document.getElementById(input.getAttribute("aria-controls")).children];
    const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") closeList(input);
    else if (event.key === "Enter" && options.length) choosePlace(input, options[Math.max(at, 0)].dataset.code);
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && options.length) {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + options.length) % options.length;
      for (const [i, option] of options.entries()) option.setAttribute("aria-selected", String(i === next));
      input.setAttribute("aria-activedescendant", options[next].id);
    }
  }

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

  /** Writes the choices into the address, so that it may be sent to somebody, and undone with Back. */
  function keepChoices(sheet) {
    const choices = new URLSearchParams(choicesOf(sheet));
    history.pushState(SEEN, "", address(language, sheet.dataset.route, choices));
    for (const link of document.querySelectorAll("[data-switch]")) link.href = address(link.dataset.switch, sheet.dataset.route, choices);
  }

  function show(isFirst) {
    const asked = parseAddress();
    language = asked.language;
    for (const each of editions) each.hidden = each.dataset.language !== language;
    const sheets = [...edition().querySelectorAll(".sheet")];
    const sheet = sheets.find((each) => each.dataset.route === asked.route) ?? sheets[0];
    const route = sheet.dataset.route;
    const isSame = sheet.isConnected && !sheet.hidden && sheet.dataset.shown;
    build(sheet);
    sheet.dataset.shown = "yes";
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
    sheet.querySelector("[data-here]").textContent = location.href;
    setChoices(sheet, asked.choices);
    applyChoices(sheet);
    const figure = [...sheet.querySelectorAll(".chart")].find((each) => each.dataset.name === asked.choices.get("figure"));
    for (const each of sheet.querySelectorAll(".only")) each.classList.remove("only");
    document.body.classList.toggle("embedded", Boolean(figure) && asked.choices.has("embed"));
    if (document.body.classList.contains("embedded")) figure.classList.add("only");
    if (figure) {
      figure.focus({ preventScroll: true });
      figure.scrollIntoView();
    } else if (!isFirst) {
      // Back to where somebody was: the browser knows how far down, and a choice undone takes no focus away.
      const wasSeen = history.state !== null;
      if (!wasSeen) scrollTo(0, 0);
      if (!wasSeen || !isSame) sheet.querySelector("h1").focus({ preventScroll: true });
    }
    history.replaceState(SEEN, "");
  }

  // --- Events -----------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const skip = event.target.closest("[data-skip]");
    if (skip) {
      event.preventDefault();
      edition().querySelector(".sheet:not([hidden]) h1").focus();
    }
    const option = event.target.closest("[role=option]");
    if (option) choosePlace(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option.dataset.code);
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-place-csv]")) savePlace(event.target.closest(".sheet"));
    const button = event.target.closest("[data-download]");
    if (event.target.closest("[data-embed]")) showEmbedding(event.target.closest(".chart"));
    if (button) download(button.closest(".chart"), button.dataset.download);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-control]")) return;
    const sheet = event.target.closest(".sheet");
    keepChoices(sheet);
    applyChoices(sheet);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-search]")) openList(event.target);
    if (event.target.matches("input[type=range][data-control]")) applyChoices(event.target.closest(".sheet"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("[data-search]")) moveInList(event.target, event);
  });
  document.addEventListener("focusout", (event) => {
    // Later, so that a click on the list is heard first.
    if (event.target.matches("[data-search]")) setTimeout(() => document.activeElement === event.target || closeList(event.target), 200);
  });
  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.figures") && event.target.open) fillTable(event.target.closest(".chart"));
  }, true);
  addEventListener("hashchange", () => show(false));
  // The addresses of screens without scripts; with them, a browser would scroll there.
  for (const sheet of document.querySelectorAll(".sheet")) sheet.removeAttribute("id");
  show(true);
})();
