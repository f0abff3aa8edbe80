"""Motion that nobody recorded: made by physics, or by honest transformation of recordings, to test robustness with.

`library` has the table of all families; `changes` has what can be done to the trials of any corpus.
"""
