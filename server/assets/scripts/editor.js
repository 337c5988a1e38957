// Turns the query's text area into an editor that colours and completes. The form stays what
// it is: the text area is what is sent, and without this file it is what people write in.
import Yasqe from "@zazuko/yasqe";

const VOCABULARY = `
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?kind ?iri ?prefix WHERE {
  { ?part void:class ?iri ; void:entities ?n . BIND("class" AS ?kind) }
  UNION { ?whole a void:Dataset ; void:propertyPartition ?part . ?part void:property ?iri .
          BIND("property" AS ?kind) }
  UNION { ?declared sh:prefix ?prefix ; sh:namespace ?iri . BIND("prefix" AS ?kind) }
} ORDER BY ?iri`;

let vocabulary;

// What the graph says of itself: classes, properties and prefixes, fetched once when first needed.
function known(form) {
  vocabulary ??= fetch(`${form.action}?format=json&query=${encodeURIComponent(VOCABULARY)}`)
    .then((answer) => answer.json())
    .then((found) =>
      found.results.bindings.map(({ kind, iri, prefix }) => ({
        kind: kind.value,
        iri: iri.value,
        prefix: prefix?.value,
      })),
    )
    .catch(() => []);
  return vocabulary;
}

function completers(form) {
  const of = (kind) => async () =>
    (await known(form)).filter((term) => term.kind === kind).map((term) => term.iri);
  const settings = { bulk: true, persistenceId: null };
  Yasqe.forkAutocompleter("class", { ...settings, name: "own-class", get: of("class") }, false);
  Yasqe.forkAutocompleter("property", { ...settings, name: "own-property", get: of("property") }, false);
  const prefixes = async () =>
    (await known(form)).filter((term) => term.prefix).map((term) => `${term.prefix}: <${term.iri}>`);
  Yasqe.forkAutocompleter("prefixes", { ...settings, name: "own-prefixes", get: prefixes }, false);
  return ["own-prefixes", "own-property", "own-class", "variables"];
}

function start(text) {
  const form = text.form;
  const place = document.createElement("div");
  text.before(place);
  const editor = new Yasqe(place, {
    value: text.value,
    autocompleters: completers(form),
    consumeShareLink: null,
    lineWrapping: true, // nothing that only a mouse could scroll to
    createShareableLink: null,
    persistenceId: null,
    prefixCcApi: null,
    resizeable: false,
    showQueryButton: false,
    viewportMargin: Infinity,
  });
  const submit = () => form.requestSubmit();
  editor.setOption("extraKeys", {
    Tab: false, // the key leaves the editor, as it leaves any other field
    "Shift-Tab": false,
    "Ctrl-Space": (one) => one.autocomplete(),
    "Ctrl-Enter": submit,
    "Cmd-Enter": submit,
    "Ctrl-/": (one) => one.commentLines(),
  });
  const input = place.querySelector(".CodeMirror textarea");
  const label = document.querySelector(`label[for="${text.id}"]`);
  input.id = `${text.id}-editor`;
  label.htmlFor = input.id;
  if (text.getAttribute("aria-describedby")) {
    input.setAttribute("aria-describedby", text.getAttribute("aria-describedby"));
  }
  text.style.display = "none";
  form.addEventListener("submit", () => {
    text.value = editor.getValue();
  });
}

const field = document.querySelector("textarea[data-query-editor]");
if (field) start(field);
