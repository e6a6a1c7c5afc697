package etesian.ops.console;

/** One variable of one stream. */
record SeriesKey(String stream, String variable) {}
