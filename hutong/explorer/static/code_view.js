/** JSON and SQL as text with a little colour. */

import {el} from "./dom.js";

const JSON_PARTS = /("(?:[^"\\]|\\.)*"(?=\s*:))|("(?:[^"\\]|\\.)*")|(\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)/g;
const SQL_PARTS =
  /\b(SELECT|FROM|WHERE|AND|OR|NOT|IS|NULL|IN|AS|ON|JOIN|INNER|LEFT|LATERAL|ORDER|GROUP|PARTITION|BY|ASC|DESC|LIMIT|WITH|MATERIALIZED|OVER|COUNT|DISTINCT|CASE|WHEN|THEN|ELSE|END|EXISTS|COLLATE|UNION|ALL|CAST|CONVERT|USING|true)\b|('(?:[^']|'')*')|(\$\d+(?:::\w+(?:\[\])?)?|%s|\?)/gi;

/** @param {unknown} value */
export function jsonView(value) {
  return el("pre", {tabindex: 0}, coloured(JSON.stringify(value, null, 2), JSON_PARTS, ["k", "s", "v"]));
}

/** @param {string} statement */
export function sqlView(statement) {
  return el("pre", {tabindex: 0}, coloured(statement, SQL_PARTS, ["w", "s", "v"]));
}

/**
 * @param {string} text
 * @param {RegExp} parts a group for each of `kinds`
 * @param {string[]} kinds
 * @returns {(string | HTMLElement)[]}
 */
function coloured(text, parts, kinds) {
  /** @type {(string | HTMLElement)[]} */
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(parts)) {
    const kind = kinds.find((_, group) => found[group + 1] !== undefined);
    pieces.push(text.slice(end, found.index), el("span", {class: kind}, found[0]));
    end = found.index + found[0].length;
  }
  pieces.push(text.slice(end));
  return pieces;
}
