// Opens the document reader with the cited quotation in the middle of the window.
export function showQuotation() {
  const mark = document.getElementById("q");
  if (mark && window.location.hash === "#q") {
    mark.scrollIntoView({ block: "center" });
  }
}
