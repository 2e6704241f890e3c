/** An answer as facts and tables, each value marked by what it is. */

import {el} from "./dom.js";
import {isObject} from "./marks.js";
import {said, titled} from "./words.js";

/** @typedef {import("./asking.js").Path} Path */
/** @typedef {import("./marks.js").Marks} Marks */
/** @typedef {{keys: string[], path: Path}} Column */

const LONG = 24;

export class AnswerView {
  /**
   * @param {Marks} marks
   * @param {Set<string>} differing
   */
  constructor(marks, differing) {
    this.marks = marks;
    this.differing = differing;
  }

  /**
   * @param {Record<string, any>} data
   * @returns {HTMLElement}
   */
  draw(data) {
    return this.#facts(data, []);
  }

  /**
   * @param {Record<string, any>} object
   * @param {Path} path
   * @returns {HTMLElement}
   */
  #facts(object, path) {
    const shown = Object.keys(object).filter((key) => shows(key, object[key]));
    return el(
      "dl",
      {class: "facts"},
      shown.map((key) => {
        const value = object[key];
        const here = [...path, key];
        const wide = Array.isArray(value) ? value.some(isObject) || value.length === 0 : isObject(value);
        const dd = el("dd", null, this.#any(value, here, object));
        return el("div", {class: wide ? "wide" : null}, el("dt", null, this.#name(here, key)), dd);
      }),
    );
  }

  /**
   * @param {any} value
   * @param {Path} path
   * @param {Record<string, any>} row
   * @returns {HTMLElement}
   */
  #any(value, path, row) {
    if (Array.isArray(value)) {
      if (value.length === 0) return el("p", {class: "none"}, said("noRows"));
      return value.some(isObject) ? this.#table(value, path) : this.#scalars(value, path, row);
    }
    if (!isObject(value)) return this.#scalar(value, path, row);
    const lists = Object.keys(value).filter((key) => Array.isArray(value[key]) && (key === "nodes" || key === "edges"));
    return lists.length ? this.#connection(value, lists, path) : this.#facts(value, path);
  }

  /**
   * A page of a list: its rows, and on one line above them what else is told of it.
   *
   * @param {Record<string, any>} value
   * @param {string[]} lists
   * @param {Path} path
   * @returns {HTMLElement}
   */
  #connection(value, lists, path) {
    /** @type {HTMLElement[]} */
    const beside = [];
    /** @type {(object: Record<string, any>, keys: string[]) => void} */
    const add = (object, keys) => {
      for (const key of Object.keys(object)) {
        if (lists.includes(key) || !shows(key, object[key])) continue;
        const here = [...keys, key];
        if (isObject(object[key])) add(object[key], here);
        else beside.push(el("span", null, el("code", null, here.join(".")), this.#scalar(object[key], [...path, ...here], object)));
      }
    };
    add(value, []);
    return el(
      "div",
      {class: "list"},
      beside.length > 0 && el("p", {class: "beside"}, beside),
      lists.map((key) => this.#any(value[key], [...path, key], value)),
    );
  }

  /**
   * Rows as a table: what belongs to one of them by a to-one relation has columns too, lists stand in their cell.
   *
   * @param {any[]} rows
   * @param {Path} path
   * @returns {HTMLElement}
   */
  #table(rows, path) {
    /** @type {Map<string, string[]>} */
    const columns = new Map();
    rows.forEach((row) => collect(row, [], columns));
    const named = [...columns.values()];
    const head = named.map((keys) => el("th", {scope: "col", title: keys.join(".")}, this.#name([...path, ...keys], String(keys.at(-1)))));
    const body = rows.map((row, place) =>
      el("tr", null, named.map((keys) => el("td", null, this.#cell(row, keys, [...path, place])))),
    );
    return el(
      "div",
      {class: "scroll", tabindex: 0, role: "region", "aria-label": `${path.join(".")}, ${said("table")}`},
      el("table", null, el("thead", null, el("tr", null, head)), el("tbody", null, body)),
    );
  }

  /**
   * @param {any} row
   * @param {string[]} keys
   * @param {Path} path
   * @returns {HTMLElement | null}
   */
  #cell(row, keys, path) {
    let value = row;
    let above = row;
    /** @type {Path} */
    let here = path;
    for (const key of keys) {
      if (value === null) return this.#scalar(null, here, above);
      if (value === undefined || !(key in value)) return null;
      above = value;
      value = value[key];
      here = [...here, key];
    }
    return this.#any(value, here, above);
  }

  /**
   * @param {any[]} values
   * @param {Path} path
   * @param {Record<string, any>} row
   * @returns {HTMLElement}
   */
  #scalars(values, path, row) {
    return this.#scalar(values.map(String).join("、"), path, row);
  }

  /**
   * @param {string | number | boolean | null} value
   * @param {Path} path
   * @param {Record<string, any>} row
   * @returns {HTMLElement}
   */
  #scalar(value, path, row) {
    const {kind, failure} = this.marks.of(path, value, row);
    const differs = this.differing.has(JSON.stringify(path)) ? " differs" : "";
    if (failure) {
      const code = failure.extensions?.code ?? "";
      return el("span", {class: `value ${kind}${differs}`, title: `${code}: ${failure.message}`}, kind === "denied" ? said("denied") : code);
    }
    if (kind === "null") return el("span", {class: `value null${differs}`}, "—", el("span", {class: "sr"}, said("nothing")));
    const text = String(value);
    const form = `${typeof value === "number" ? " number" : ""}${text.length > LONG ? " long" : ""}`;
    if (kind === "masked") {
      return el("span", {class: `value masked${form}${differs}`, title: said("masked")}, text, el("span", {class: "sr"}, ` (${said("masked")})`));
    }
    return el("span", {class: `value${form}${differs}`}, text);
  }

  /**
   * The catalogue's word for what stands at a path, with the response key below it.
   *
   * @param {Path} path
   * @param {string} key
   * @returns {(string | HTMLElement)[]}
   */
  #name(path, key) {
    const title = this.marks.title(path);
    return title ? [titled(title), el("code", null, key)] : [key];
  }
}

/**
 * Of a row's quality only what was asked for beside the names of its masked fields, which are marked.
 *
 * @param {string} key
 * @param {unknown} value
 */
function shows(key, value) {
  return !(key === "_meta" && isObject(value) && Object.keys(value).every((name) => name === "masked"));
}

/**
 * @param {any} row
 * @param {string[]} keys
 * @param {Map<string, string[]>} columns
 */
function collect(row, keys, columns) {
  if (!isObject(row)) return;
  for (const key of Object.keys(row)) {
    const value = row[key];
    const here = [...keys, key];
    if (!shows(key, value)) continue;
    if (isObject(value) && !Array.isArray(value["nodes"]) && !Array.isArray(value["edges"])) {
      columns.delete(here.join("."));
      collect(value, here, columns);
    } else if (!(value === null && [...columns.keys()].some((name) => name.startsWith(`${here.join(".")}.`)))) {
      columns.set(here.join("."), here);
    }
  }
}
