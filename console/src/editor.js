/**
 * The explorer page's GraphQL editor: CodeMirror with completion and lint against one schema.
 *
 * It lives in a shadow root, whose style sheets are constructed: the page's policy allows no inline style.
 */

import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting} from "@codemirror/language";
import {lintKeymap} from "@codemirror/lint";
import {Compartment, EditorState} from "@codemirror/state";
import {drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers} from "@codemirror/view";
import {tags} from "@lezer/highlight";
import {graphql, updateSchema} from "cm6-graphql";
import {buildSchema} from "graphql";

/**
 * @typedef {object} Editor
 * @property {() => string} text
 * @property {(text: string) => void} write
 * @property {(sdl: string) => void} schema
 * @property {(label: string) => void} label
 * @property {() => void} focus
 */

const COLOURS = EditorView.theme({
  "&": {color: "var(--ink)", backgroundColor: "var(--field)", fontSize: "0.8125rem", maxHeight: "26rem", borderRadius: "6px"},
  "&.cm-focused": {outline: "2px solid var(--focus)", outlineOffset: "1px"},
  ".cm-scroller": {fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "9rem"},
  ".cm-content": {caretColor: "var(--ink)"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-gutters": {backgroundColor: "var(--field)", color: "var(--faint)", border: "none"},
  ".cm-activeLine, .cm-activeLineGutter": {backgroundColor: "var(--hover)"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-tooltip": {backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: "var(--mono)", maxWidth: "min(34rem, 90vw)"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {backgroundColor: "var(--accent)", color: "var(--on-accent)"},
  ".cm-completionInfo": {maxWidth: "min(24rem, 80vw)", fontFamily: "var(--sans)", padding: "0.5rem 0.75rem"},
  ".cm-diagnostic": {fontFamily: "var(--sans)"},
  // Underlined by the browser: CodeMirror's own waves are images in the style sheet, which the page's policy refuses.
  ".cm-lintRange-error": {backgroundImage: "none", textDecoration: "underline wavy var(--denied)"},
  ".cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--masked)",
  },
});

const HIGHLIGHT = HighlightStyle.define([
  {tag: [tags.keyword, tags.definitionKeyword, tags.modifier], color: "var(--code-keyword)"},
  {tag: [tags.propertyName, tags.attributeName], color: "var(--code-field)"},
  {tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)"},
  {tag: [tags.string, tags.number, tags.bool, tags.null], color: "var(--code-literal)"},
  {tag: [tags.typeName, tags.atom], color: "var(--code-type)"},
  {tag: tags.comment, color: "var(--faint)"},
]);

// Typing over a selection is done here: the browser would keep the old text's look in a style attribute, which the page's
// policy refuses.
const TYPED_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const {main} = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || text === null || main.empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(text), {userEvent: "input.type", scrollIntoView: true});
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    return true;
  },
});

/**
 * An editor in `host`, which must be empty.
 *
 * @param {HTMLElement} host
 * @param {{text: string, label: string, changed: (text: string) => void, run: () => void}} options
 * @returns {Editor}
 */
export function mount(host, {text, label, changed, run}) {
  const root = host.attachShadow({mode: "open"});
  const labels = new Compartment();
  const labelled = (/** @type {string} */ told) => EditorView.contentAttributes.of({"aria-label": told});
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        highlightActiveLine(),
        syntaxHighlighting(HIGHLIGHT),
        COLOURS,
        TYPED_OVER,
        EditorView.lineWrapping,
        labels.of(labelled(label)),
        // Tab is left to the browser: the keyboard must be able to leave the editor.
        keymap.of([
          {key: "Mod-Enter", run: () => (run(), true)},
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        graphql(),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    write: (given) => view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: given}}),
    schema: (sdl) => updateSchema(view, buildSchema(sdl, {assumeValidSDL: true})),
    label: (told) => view.dispatch({effects: labels.reconfigure(labelled(told))}),
    focus: () => view.focus(),
  };
}
