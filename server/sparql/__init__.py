"""The SPARQL endpoint: queries of strangers, run where they can do no harm.

    request ──protocol──▶ gate ──▶ budget ──▶ cache ──▶ pool ──▶ worker process (read-only store)

``gate`` looks at the text, ``pool`` keeps processes that can be killed, ``worker`` is what runs
in them, ``protocol`` speaks SPARQL 1.1 Protocol, and ``blueprint`` joins it to Flask.
"""
