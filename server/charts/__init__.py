"""Charts as SVG: Python works out where things lie, templates under ``charts/`` draw them.

Each function takes facts and gives a picture: plain numbers and words, in units of the
drawing. Colours and patterns are the style sheet's, so a chart follows light, dark and
print, and no meaning lies in colour alone. The table beside a chart holds the same facts.
"""
