// On narrow screens the filters start closed, so that the results are seen first.
export function filterPanel() {
  const panel = document.querySelector("details[data-filter-panel]");
  if (panel && window.matchMedia("(max-width: 48.0624em)").matches) {
    panel.open = false;
  }
}
