/** One person's column: what they got, in the view that is chosen. */

import {jsonView} from "./code_view.js";
import {AnswerView} from "./data_view.js";
import {el} from "./dom.js";
import {isObject, Marks, tally} from "./marks.js";
import {milliseconds, planView} from "./plan_view.js";
import {counted, said} from "./words.js";

/** @typedef {import("./asking.js").Outcome} Outcome */
/** @typedef {import("./asking.js").Source} Source */
/** @typedef {import("./asking.js").Failure} Failure */
/** @typedef {import("./marks.js").Tally} Tally */
/** @typedef {"data" | "plan" | "json"} View */

/**
 * The contents of a column, and a sentence about it for those who hear it.
 *
 * @param {Outcome} outcome
 * @param {Set<string>} differing
 * @param {View} view
 * @param {Source[]} sources
 * @returns {{parts: HTMLElement[], sentence: string}}
 */
export function column(outcome, differing, view, sources) {
  const {data, errors = []} = outcome.response;
  const marks = new Marks(outcome);
  const counts = tally(data, marks, differing);
  const told = {parts: /** @type {HTMLElement[]} */ ([]), sentence: sentence(counts, outcome, data === undefined)};
  if (data !== undefined) told.parts.push(tallied(counts, outcome));
  if (view === "plan") told.parts.push(planView(outcome, sources));
  else if (view === "json") told.parts.push(el("p", {class: "none"}, said("response")), jsonView(outcome.response));
  else {
    if (isObject(data)) told.parts.push(new AnswerView(marks, differing).draw(data));
    if (errors.length) told.parts.push(failures(errors, data === undefined));
  }
  return told;
}

/** @param {string} message */
export function unreachable(message) {
  return el("div", {class: "errors"}, el("ul", null, el("li", null, el("p", null, said("unreachable")), el("p", null, message))));
}

/**
 * @param {Tally} counts
 * @param {Outcome} outcome
 */
function tallied(counts, outcome) {
  const entry = (/** @type {number} */ count, /** @type {string} */ word, /** @type {string} */ kind) =>
    count > 0 && el("li", {class: kind}, el("b", null, String(count)), ` ${word}`);
  const sources = new Set(outcome.fetches.map((fetched) => fetched.connector)).size;
  return el(
    "ul",
    {class: "tally"},
    entry(counts.rows, said(counts.rows === 1 ? "rowTally" : "rowsTally"), ""),
    entry(counts.masked, said("maskedTally"), "masked"),
    entry(counts.denied, said("deniedTally"), "denied"),
    entry(counts.failed, said("failedTally"), "denied"),
    entry(counts.differs, said("differsTally"), "differs"),
    el(
      "li",
      {title: `${said("planned")} ${milliseconds(outcome.seconds.plan)}, ${said("ran")} ${milliseconds(outcome.seconds.run)}`},
      `${milliseconds(outcome.seconds.plan + outcome.seconds.run)} · ${counted(outcome.fetches.length, "statement", "statements")} · ${counted(sources, "sourceWord", "sourcesWord")}`,
    ),
  );
}

/**
 * @param {Failure[]} errors
 * @param {boolean} refused
 */
function failures(errors, refused) {
  return el(
    "section",
    {class: "errors"},
    el("h3", null, refused ? said("refused") : `${said("errors")} (${errors.length})`),
    el(
      "ul",
      null,
      errors.map((failure) =>
        el(
          "li",
          null,
          el("code", null, failure.extensions?.code ?? "ERROR"),
          el("span", {class: "where mono"}, failure.path ? ` ${failure.path.join(".")}` : ""),
          el("p", null, failure.message),
        ),
      ),
    ),
  );
}

/**
 * @param {Tally} counts
 * @param {Outcome} outcome
 * @param {boolean} refused
 */
function sentence(counts, outcome, refused) {
  if (refused) return `${said("refused")}: ${outcome.response.errors?.[0]?.message ?? ""}`;
  return [
    counted(counts.rows, "rowTally", "rowsTally"),
    `${counts.masked} ${said("maskedTally")}`,
    `${counts.denied + counts.failed} ${said("deniedTally")}`,
  ].join(", ");
}
