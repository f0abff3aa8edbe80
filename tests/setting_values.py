"""What a setting may be, for hypothesis to draw from."""

from hypothesis import strategies as st


def valid(row):
    """Values in the device's form."""
    if row.kind == "choice":
        return st.sampled_from(row.among)
    if row.kind == "vector":
        part = st.integers(-1000, 1000)
        return st.tuples(part, part, part).filter(any)
    scale = 10 if row.kind == "tenths" else 1
    whole = st.integers(row.low * scale, row.high * scale)
    return whole | st.just(0) if row.default == 0 else whole
