/** A plan: when each source was asked and for how long, then steps, decisions and statements. */

import {sqlView} from "./code_view.js";
import {el} from "./dom.js";
import {counted, said, titled} from "./words.js";

/** @typedef {import("./asking.js").Outcome} Outcome */
/** @typedef {import("./asking.js").PlanItem} PlanItem */
/** @typedef {import("./asking.js").Fetch} Fetch */
/** @typedef {import("./asking.js").Source} Source */

/**
 * @param {Outcome} outcome
 * @param {Source[]} sources
 * @returns {HTMLElement}
 */
export function planView(outcome, sources) {
  if (!outcome.plan) return el("p", {class: "none"}, said("noPlan"));
  const titles = new Map(sources.map((source) => [source.name, titled(source.title)]));
  return el(
    "div",
    {class: "plan"},
    el("section", null, el("h3", null, said("timeline")), timeline(outcome.fetches, titles)),
    el("section", null, el("h3", null, said("steps")), steps(outcome.plan, outcome.fetches, titles)),
  );
}

/** @param {number} seconds */
export function milliseconds(seconds) {
  const told = seconds * 1000;
  return `${told < 10 ? told.toFixed(1) : Math.round(told)} ms`;
}

/**
 * @param {Fetch[]} fetches
 * @param {Map<string, string>} titles
 */
function timeline(fetches, titles) {
  if (fetches.length === 0) return el("p", {class: "none"}, said("noFetches"));
  const first = Math.min(...fetches.map((fetched) => fetched.started));
  const whole = Math.max(...fetches.map((fetched) => fetched.started + fetched.seconds - first), 1e-6);
  const ordered = [...fetches].sort((a, b) => a.started - b.started);
  return el(
    "ol",
    {class: "timeline"},
    ordered.map((fetched) => {
      const bar = el("i", {class: fetched.error ? "bad" : null});
      bar.style.left = `${((fetched.started - first) / whole) * 100}%`;
      bar.style.width = `${(fetched.seconds / whole) * 100}%`;
      return el(
        "li",
        null,
        source(fetched.connector, titles),
        el("span", {class: "track", "aria-hidden": "true"}, bar),
        el("span", {class: "took"}, took(fetched)),
      );
    }),
  );
}

/** @param {Fetch} fetched */
function took(fetched) {
  return `${milliseconds(fetched.seconds)} · ${fetched.error ?? counted(fetched.rows, "rowTally", "rowsTally")}`;
}

/**
 * @param {string} name
 * @param {Map<string, string>} titles
 */
function source(name, titles) {
  return el("span", {class: "source", title: titles.get(name)}, name);
}

/**
 * @param {PlanItem[]} items
 * @param {Fetch[]} fetches
 * @param {Map<string, string>} titles
 * @returns {HTMLElement}
 */
function steps(items, fetches, titles) {
  const list = el("div", {class: "steps"});
  /** @type {HTMLElement | null} */
  let decisions = null;
  for (const item of items) {
    if (item.kind === "decision") {
      if (!decisions) list.append((decisions = el("div", {class: "decisions"})));
      decisions.append(decision(item));
      continue;
    }
    decisions = null;
    list.append(step(item, fetches, titles));
  }
  return list;
}

/**
 * @param {PlanItem} item
 * @param {Fetch[]} fetches
 * @param {Map<string, string>} titles
 * @returns {HTMLElement}
 */
function step(item, fetches, titles) {
  const below = () => (item.below.length ? steps(item.below, fetches, titles) : null);
  switch (item.kind) {
    case "statement": {
      const runs = (item.runs ?? []).map((run) => fetches[run]).filter((run) => run !== undefined);
      const told = runs.length ? runs.map(took).join("; ") : said("notAsked");
      return el(
        "details",
        null,
        el("summary", null, source(item.connector ?? "", titles), ` ${titles.get(item.connector ?? "") ?? ""} · ${told}`),
        sqlView(item.statement ?? ""),
        below(),
      );
    }
    case "parameters":
      return el(
        "details",
        {class: "group"},
        el("summary", {class: "told"}, item.text),
        el("pre", {tabindex: 0}, item.below.map((parameter) => parameter.text).join("\n")),
      );
    case "step":
      return el(
        "div",
        {class: "step"},
        el("b", null, item.title ? `${titled(item.title)} ` : ""),
        el("span", {class: "told"}, item.text),
        below(),
      );
    case "note":
      return el("p", {class: "note"}, item.text);
    default:
      return el("div", {class: "group"}, el("span", {class: "told"}, item.text), below());
  }
}

/** @param {PlanItem} item */
function decision(item) {
  const decided = item.decided ?? "clear";
  const word = {clear: said("clear"), masked: said("masked"), denied: said("denied"), "by row": said("mixed")}[decided];
  const name = item.title ? titled(item.title) : String(item.path.at(-1));
  return el("span", {class: `decision ${decided.replace(" ", "-")}`, title: item.text}, `${name} · ${word}`);
}
