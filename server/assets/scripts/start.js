// Says, before the first paint, that scripts run: GOV.UK Frontend's styles wait for it.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
