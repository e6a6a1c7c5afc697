package etesian.pipeline.decode;

import etesian.ingest.claim.References;
import etesian.ingest.claim.Unresolved;
import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Granule;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Limits;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.Sha256;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.settings.GranuleSettings;
import etesian.pipeline.settings.ReferenceSettings;
import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Flink adapter around {@link GranuleReader}: fields on, refusals to the side with their bytes. A
 * record without value that says where its file lies is redeemed by {@link References}, within the
 * limits of the settings; the stream waits for it, as fields come in the order of the topic.
 */
public final class DecodeGranules extends ProcessFunction<GranuleRecord, Field> {
  private static final long serialVersionUID = 1L;

  /** Granules that were refused. */
  public static final OutputTag<DeadLetter> REFUSED =
      new OutputTag<>("refused", new CodecType<>(DeadLetter.class, new DeadLetter.LetterCodec()));

  private final GranuleSettings settings;
  private final String dataset;
  private transient References references;
  private transient GranuleReader reader;
  private transient Counter granules;
  private transient Counter fields;
  private transient Map<String, Counter> deadLetters; // by class of the reason

  public DecodeGranules(GranuleSettings settings, String dataset) {
    this.settings = settings;
    this.dataset = dataset;
  }

  @Override
  public void open(OpenContext context) {
    reader = new GranuleReader(Limits.DEFAULT, settings.modelCalendars().contains(dataset));
    ReferenceSettings allowed = settings.references();
    references = new References(allowed.roots(), allowed.maxBytes(), allowed.timeout());
    Meters metrics = Meters.of(getRuntimeContext().getMetricGroup()).with("dataset", dataset);
    granules = metrics.counter(Metric.GRANULES_TOTAL);
    fields = metrics.counter(Metric.FIELDS_TOTAL);
    deadLetters = new HashMap<>();
    for (Enum<?>[] classes :
        List.<Enum<?>[]>of(Refusal.Reason.values(), Unresolved.Reason.values())) {
      for (Enum<?> reasonClass : classes) { // from the start, so that the first one is an increase
        deadLetters.put(
            reasonClass.name(),
            metrics.with("class", reasonClass.name()).counter(Metric.DEAD_LETTERS_TOTAL));
      }
    }
  }

  @Override
  public void processElement(GranuleRecord record, Context context, Collector<Field> out)
      throws InterruptedException {
    granules.inc();
    Granule granule;
    byte[] content = record.value();
    try {
      if (content.length == 0 && record.reference().isPresent()) {
        content = references.read(record.reference().get());
      }
      granule =
          reader.read(
              content, record.location(), new Origin(Sha256.hex(content), record.location()));
      demandPast(granule, record.location(), Instant.now());
    } catch (Refusal refusal) {
      refuse(record, content, refusal.reason(), refusal.getMessage(), context);
      return;
    } catch (Unresolved unresolved) {
      refuse(record, content, unresolved.reason(), unresolved.getMessage(), context);
      return;
    }
    for (Field field : inTime(granule)) {
      fields.inc();
      out.collect(field);
    }
  }

  /** Refuses a granule that would take event time to where nothing has been observed yet. */
  private void demandPast(Granule granule, String location, Instant now) throws Refusal {
    Instant latest = settings.latest(dataset, now);
    for (Field field : granule.fields()) {
      if (field.frame().validAt().isAfter(latest)) {
        throw new Refusal(
            Refusal.Reason.FUTURE_TIME,
            "%s holds %s valid at %s, and the clock says %s: all fields until then would be late;"
                    .formatted(
                        location,
                        field.frame().variable().name(),
                        field.frame().validAt(),
                        now.truncatedTo(ChronoUnit.SECONDS))
                + " check the times of the file and the clock, or raise granules.max_ahead (%s)"
                    .formatted(settings.maxAhead()));
      }
    }
  }

  /** As they go on: of all variables those of one time before those of the next. */
  public static List<Field> inTime(Granule granule) {
    return granule.fields().stream()
        .sorted(Comparator.comparing(field -> field.frame().validAt()))
        .toList();
  }

  private void refuse(
      GranuleRecord record, byte[] content, Enum<?> reasonClass, String reason, Context context) {
    deadLetters.get(reasonClass.name()).inc();
    context.output(
        REFUSED, new DeadLetter(record, Sha256.hex(content), reasonClass.name(), reason));
  }
}
