package etesian.ingest.field;

import java.time.Instant;

/** What the values of a {@link Field} stand for: a variable, where, and its valid time. */
public record Frame(Variable variable, Grid grid, Instant validAt) {}
