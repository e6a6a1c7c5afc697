package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The times of a CF time variable, decoded as labelled and, where this world has them, as instants.
 *
 * <p>A label is overruled in one case: some servers call Gregorian times "360_day". Read as
 * Gregorian, such times fall on the same day and hour of evenly spaced months; read as labelled,
 * they drift through the month. Then the label is wrong, and a note says so. And IRI writes "360"
 * beside units of months: it counts months, which any calendar has.
 */
final class CfTimes {
  /** So many times must agree before a label is overruled. */
  private static final int EVIDENCE = 3;

  private final String variable;
  private final String label;
  private final CfCalendar labelled;
  private final CfCalendar readAs;
  private final long[] labelledMillis;
  private final long[] millis;
  private final boolean countsMonths;

  private CfTimes(
      String variable,
      String label,
      CfCalendar labelled,
      TimeCount units,
      boolean areMonths,
      double[] counts)
      throws Refusal {
    this.variable = variable;
    this.label = label;
    this.labelled = labelled;
    this.labelledMillis = decode(units, counts, labelled, variable);
    if (labelled.isGregorian() || units instanceof DateNumbers) { // dates are no evidence
      this.readAs = labelled;
      this.millis = labelledMillis;
      this.countsMonths = false;
      return;
    }
    long[] gregorian = decode(units, counts, CfCalendar.STANDARD, variable);
    this.countsMonths = label.equals("360") && areMonths;
    boolean labelIsWrong =
        countsMonths
            || isMonthly(gregorian, CfCalendar.STANDARD) && !isMonthly(labelledMillis, labelled);
    this.readAs = labelIsWrong ? CfCalendar.STANDARD : labelled;
    this.millis = labelIsWrong ? gregorian : labelledMillis;
  }

  /**
   * @param variable one value (scalar) or one per step
   * @throws Refusal when its units or calendar are not known, or a time is missing
   */
  static CfTimes read(FileVariable variable) throws Refusal, IOException {
    String name = variable.fullName();
    String unitsText = Attributes.text(variable, "units");
    String label = Attributes.text(variable, "calendar");
    Optional<TimeUnits> since = TimeUnits.parse(unitsText);
    TimeCount units =
        since
            .<TimeCount>map(counted -> counted)
            .or(() -> DateNumbers.of(variable))
            .orElseThrow(
                () ->
                    new Refusal(
                        Reason.UNSUPPORTED_TIME,
                        String.format(
                            "%s: units '%s' are not understood; expected for instance 'hours since"
                                + " 1900-01-01 00:00:00'; correct the attribute",
                            name, unitsText)));
    CfCalendar calendar =
        CfCalendar.named(label)
            .orElseThrow(
                () ->
                    new Refusal(
                        Reason.UNSUPPORTED_CALENDAR,
                        String.format(
                            "%s: no CF calendar is called '%s'; expected standard or"
                                + " proleptic_gregorian; correct the attribute",
                            name, label)));
    if (since.isPresent() && !calendar.has(since.get().origin())) {
      throw new Refusal(
          Reason.UNSUPPORTED_TIME,
          String.format(
              "%s: units '%s' begin at a date that the calendar '%s' does not have%s; correct the"
                  + " attributes",
              name,
              unitsText,
              label.isEmpty() ? "standard" : label,
              since.get().origin().year() == 0 ? " (year 0 is one of proleptic_gregorian)" : ""));
    }
    boolean areMonths = since.isPresent() && since.get().months() > 0;
    return new CfTimes(name, label, calendar, units, areMonths, Values.read(variable).toArray());
  }

  int count() {
    return millis.length;
  }

  /** As the file says, empty when it says nothing. */
  String label() {
    return label;
  }

  /** Time {@code i} as labelled. */
  Moment labelled(int i) {
    return labelled.moment(labelledMillis[i]);
  }

  /** Time {@code i} as it is read; differs from {@link #labelled} when the label is overruled. */
  Moment read(int i) {
    return readAs.moment(millis[i]);
  }

  boolean isOverruled() {
    return readAs != labelled;
  }

  /** What people should know about how these times were read. */
  Optional<String> note() {
    if (countsMonths) {
      return Optional.of(
          variable + ": calendar '360' with units of months; months are those of this world");
    }
    return isOverruled()
        ? Optional.of(
            String.format(
                "%s: calendar '%s' contradicts the times, which are evenly spaced Gregorian months"
                    + " from %s to %s; read as Gregorian",
                variable, label, read(0), read(count() - 1)))
        : Optional.empty();
  }

  /**
   * The instants; empty for a date that this world does not have, as 30 February.
   *
   * @param acceptModelCalendars whether dates of a climate model stand for the same dates here
   * @throws Refusal when the calendar is that of a climate model and these are not accepted
   */
  List<Optional<Instant>> instants(boolean acceptModelCalendars) throws Refusal {
    if (!readAs.isOfThisWorld() && !acceptModelCalendars) {
      throw new Refusal(
          Reason.UNSUPPORTED_CALENDAR,
          String.format(
              "%s: calendar '%s' is that of a climate model, its days are not days of this world;"
                  + " expected standard or proleptic_gregorian; name the dataset in the setting"
                  + " granules.model_calendars to take its dates as they are, or convert the times",
              variable, label));
    }
    List<Optional<Instant>> instants = new ArrayList<>(millis.length);
    for (long m : millis) {
      instants.add(
          readAs.isOfThisWorld()
              ? Optional.of(Instant.ofEpochMilli(m))
              : readAs.moment(m).asGregorian());
    }
    return instants;
  }

  private static long[] decode(
      TimeCount units, double[] counts, CfCalendar calendar, String variable) throws Refusal {
    long[] millis = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      int index = i;
      millis[i] =
          units
              .millisAt(counts[i], calendar)
              .orElseThrow(
                  () ->
                      new Refusal(
                          Reason.UNSUPPORTED_TIME,
                          String.format(
                              "%s: time %d is %s, which is missing, out of all range, no date or a"
                                  + " fraction of a month; correct the file",
                              variable, index, counts[index])));
    }
    return millis;
  }

  /** The same day and time of day in months that are evenly spaced. */
  private static boolean isMonthly(long[] millis, CfCalendar calendar) {
    if (millis.length < EVIDENCE) {
      return false;
    }
    Moment first = calendar.moment(millis[0]);
    long step = calendar.moment(millis[1]).monthIndex() - first.monthIndex();
    for (int i = 0; i < millis.length; i++) {
      Moment moment = calendar.moment(millis[i]);
      if (step <= 0
          || moment.monthIndex() != first.monthIndex() + i * step
          || moment.day() != first.day()
          || moment.millisOfDay() != first.millisOfDay()) {
        return false;
      }
    }
    return true;
  }
}
