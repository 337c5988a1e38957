// Everything works without this file; it only adds convenience.
import { Checkboxes, ErrorSummary, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";
import { copyLinks } from "./copy-link.js";
import { filterPanel } from "./filter-panel.js";
import { showQuotation } from "./reader.js";

for (const component of [Checkboxes, ErrorSummary, ServiceNavigation, SkipLink]) {
  createAll(component);
}
copyLinks();
filterPanel();
showQuotation();
