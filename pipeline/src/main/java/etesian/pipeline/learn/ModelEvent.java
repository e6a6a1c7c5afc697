package etesian.pipeline.learn;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened to the weights of a stream: the value of a record of {@code
 * etesian.models}, whose key is the stream. Kept for ever.
 *
 * @param event what happened
 * @param at when, by the clock of the machine
 * @param stream name of the stream
 * @param model architecture
 * @param weightsSha256 the weights that it happened to; null when there are none, as training
 *     failed
 * @param effectiveFrom first issue time that the weights serve; null unless they serve
 * @param parent SHA-256 of the champion that they were made from or compared with, of a drift and
 *     of what learning refuses the one that served; null for first weights
 * @param issueTime newest issue time that was known then; null before the first
 * @param reason for people
 * @param evidence the numbers behind it, by name
 * @param by which part of a job says so, {@value #FORECASTS} or {@value #TUNING}; null for a person
 */
@JsonPropertyOrder({
  "event",
  "at",
  "stream",
  "model",
  "weights_sha256",
  "effective_from",
  "parent",
  "issue_time",
  "reason",
  "evidence",
  "by"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelEvent(
    Kind event,
    Instant at,
    String stream,
    String model,
    @JsonProperty("weights_sha256") String weightsSha256,
    @JsonProperty("effective_from") Instant effectiveFrom,
    String parent,
    @JsonProperty("issue_time") Instant issueTime,
    String reason,
    Map<String, Double> evidence,
    String by)
    implements Serializable {

  /** Who begins forecasts: what it refuses does not serve. */
  public static final String FORECASTS = "forecasts";

  /** Who learns: what it refuses takes no part in that. */
  public static final String TUNING = "tuning";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** What may happen. */
  public enum Kind {
    /** Weights were made. */
    TRAINED,
    /** They begin to forecast beside the champion. */
    CANDIDATE,
    /** They take its place. */
    PROMOTED,
    /** They were not better. */
    REJECTED,
    /** The champion before was better after all and serves again. */
    ROLLED_BACK,
    /** Weights could not be made or used, or fields are missing; the champion serves. */
    REFUSED,
    /** Weights that were made champion elsewhere, by hand, take part in learning from now on. */
    ADOPTED,
    /** The errors or the input have changed. */
    DRIFT;

    /** As in JSON: {@code rolled back} is {@code rolled_back}. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Kind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  public ModelEvent {
    Check.that(event != null && at != null, "an event says what happened and when");
    Check.that(stream != null && !stream.isBlank(), "an event names its stream");
    Check.that(reason != null && !reason.isBlank(), "an event says why");
    Map<String, Double> finite = new TreeMap<>(evidence == null ? Map.of() : evidence);
    finite.values().removeIf(value -> value == null || !Double.isFinite(value)); // not JSON
    evidence = Collections.unmodifiableMap(finite);
  }

  /** What a person did, or whoever began the stream. */
  public ModelEvent(
      Kind event,
      Instant at,
      String stream,
      String model,
      String weightsSha256,
      Instant effectiveFrom,
      String parent,
      Instant issueTime,
      String reason,
      Map<String, Double> evidence) {
    this(
        event,
        at,
        stream,
        model,
        weightsSha256,
        effectiveFrom,
        parent,
        issueTime,
        reason,
        evidence,
        null);
  }

  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException when the text is not an event; says why
   */
  public static ModelEvent fromJson(String json) {
    try {
      ModelEvent event = JSON.readValue(json, ModelEvent.class);
      Check.that(event != null, "not a model event: %s", json);
      return event;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a model event: " + e.getOriginalMessage(), e);
    }
  }

  /** The JSON form, which is versioned by its fields. */
  public static final class ModelEventCodec implements Codec<ModelEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(ModelEvent event, DataOutput out) throws IOException {
      Binary.text(event.toJson(), out);
    }

    @Override
    public ModelEvent read(DataInput in) throws IOException {
      try {
        return fromJson(Binary.text(in));
      } catch (IllegalArgumentException e) {
        throw new IOException(e);
      }
    }
  }
}
