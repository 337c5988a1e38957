"""Training of the findings classifier: data recipe, fitting, cross-validation by document.

    python -m kg.training --corpus ../shared/corpus --gold ../shared/gold/dev

writes ``kg/extract/findings/weights`` (safetensors and a card in JSON) and prints what
cross-validation by document measures. Needs nothing that running the product needs not.

The data
- ``gold``: labelled sentences outside this repository, found again in their documents;
- ``data/labels.jsonl``: more sentences of the same public reports, labelled by reading
  under the same rules. The sentences themselves are not kept here: a row has the digest of
  its sentence's letters, and is used when the corpus at hand holds that sentence;
- ``data/invented.jsonl``: sentences composed for this purpose, about no real place, for what
  reports have little of: letters, commissioners' prose, minutes, bare actions and plans.
"""
