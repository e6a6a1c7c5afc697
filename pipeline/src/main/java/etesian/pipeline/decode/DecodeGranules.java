package etesian.pipeline.decode;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Granule;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.Sha256;
import etesian.pipeline.types.CodecType;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Flink adapter around {@link GranuleReader}: fields on, refusals to the side with their bytes. */
public final class DecodeGranules extends ProcessFunction<GranuleRecord, Field> {
  private static final long serialVersionUID = 1L;

  /** Granules that were refused. */
  public static final OutputTag<DeadLetter> REFUSED =
      new OutputTag<>("refused", new CodecType<>(DeadLetter.class, new DeadLetter.LetterCodec()));

  private transient GranuleReader reader;
  private transient Counter granules;
  private transient Counter fields;
  private transient Counter deadLetters;

  @Override
  public void open(OpenContext context) {
    reader = new GranuleReader();
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("etesian");
    granules = metrics.counter("granules_total");
    fields = metrics.counter("fields_total");
    deadLetters = metrics.counter("dead_letters_total");
  }

  @Override
  public void processElement(GranuleRecord record, Context context, Collector<Field> out) {
    granules.inc();
    String sha256 = Sha256.hex(record.value());
    Granule granule;
    try {
      granule =
          reader.read(record.value(), record.location(), new Origin(sha256, record.location()));
    } catch (Refusal refusal) {
      deadLetters.inc();
      context.output(
          REFUSED, new DeadLetter(record, sha256, refusal.reason().name(), refusal.getMessage()));
      return;
    }
    for (Field field : granule.fields()) {
      fields.inc();
      out.collect(field);
    }
  }
}
