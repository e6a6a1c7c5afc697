package etesian.ingest.netcdf;

/**
 * Plain statistics of the values that are not missing; sums in double.
 *
 * @param count values that are not missing
 * @param firstIndex position of the first of them in stored order, -1 when there is none
 */
record Statistics(
    long count,
    long missing,
    double min,
    double max,
    double mean,
    int firstIndex,
    double firstValue,
    int lastIndex,
    double lastValue) {

  static Statistics of(Values values) {
    double sum = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long count = 0;
    int first = -1;
    int last = -1;
    for (int i = 0; i < values.size(); i++) {
      double value = values.at(i);
      if (Double.isNaN(value)) {
        continue;
      }
      first = first < 0 ? i : first;
      last = i;
      count++;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new Statistics(
        count,
        values.size() - count,
        min,
        max,
        sum / count,
        first,
        first < 0 ? Double.NaN : values.at(first),
        last,
        last < 0 ? Double.NaN : values.at(last));
  }
}
