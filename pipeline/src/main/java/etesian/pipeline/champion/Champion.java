package etesian.pipeline.champion;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import etesian.ingest.field.Check;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * From an issue time on, the weights that a stream's forecasts begin with. The value of a record of
 * {@code etesian.champions}; its key is the stream.
 *
 * @param stream name of the stream
 * @param model architecture of the weights
 * @param weightsSha256 SHA-256 of the weights file, lower-case hexadecimal; its name in the store
 * @param effectiveFrom first issue time that uses it
 * @param parent SHA-256 of the champion before; null for the first weights
 * @param earlier the champions before, the newest last, at most {@value #MOST_EARLIER}: the topic
 *     is compacted and forgets their own records, but issue times that they serve may still come
 * @param tuned whether the job's own tuning names it; else a person does, or whoever began the
 *     stream, and tuning gives way to it
 */
@JsonPropertyOrder({
  "stream",
  "model",
  "weights_sha256",
  "effective_from",
  "parent",
  "earlier",
  "tuned"
})
public record Champion(
    String stream,
    String model,
    @JsonProperty("weights_sha256") String weightsSha256,
    @JsonProperty("effective_from") Instant effectiveFrom,
    String parent,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Reign> earlier,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean tuned)
    implements Serializable {

  private static final int MOST_EARLIER = 16;

  /**
   * A champion that was.
   *
   * @param model architecture
   * @param weightsSha256 its weights
   * @param effectiveFrom first issue time that it served
   */
  @JsonPropertyOrder({"model", "weights_sha256", "effective_from"})
  public record Reign(
      String model,
      @JsonProperty("weights_sha256") String weightsSha256,
      @JsonProperty("effective_from") Instant effectiveFrom)
      implements Serializable {
    public Reign {
      check(model, weightsSha256, effectiveFrom);
    }
  }

  /** The {@code effective_from} of first weights: before every issue time. */
  public static final Instant ALWAYS = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant NEVER = Instant.parse("+10000-01-01T00:00:00Z");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public Champion {
    Check.that(stream != null && !stream.isBlank(), "a champion names its stream");
    check(model, weightsSha256, effectiveFrom);
    earlier = earlier == null ? List.of() : newest(earlier, effectiveFrom);
  }

  private static void check(String model, String weightsSha256, Instant effectiveFrom) {
    Check.that(
        weightsSha256 != null && weightsSha256.matches("[0-9a-f]{64}"),
        "a champion names its weights by SHA-256, got '%s'",
        weightsSha256);
    Check.that(model != null && !model.isBlank(), "a champion names its model");
    Check.that(
        effectiveFrom != null && !effectiveFrom.isBefore(ALWAYS) && effectiveFrom.isBefore(NEVER),
        "a champion says from which issue time on it serves, of the years 1 to 9999, got %s",
        effectiveFrom);
  }

  /** Records are written by hand, too: in any order, and as many as somebody likes. */
  private static List<Reign> newest(List<Reign> earlier, Instant before) {
    List<Reign> reigns =
        earlier.stream()
            .filter(reign -> reign.effectiveFrom().isBefore(before))
            .sorted(Comparator.comparing(Reign::effectiveFrom))
            .toList();
    return List.copyOf(reigns.subList(Math.max(0, reigns.size() - MOST_EARLIER), reigns.size()));
  }

  /** With no champion before it that is still known. */
  public Champion(
      String stream, String model, String weightsSha256, Instant effectiveFrom, String parent) {
    this(stream, model, weightsSha256, effectiveFrom, parent, List.of(), false);
  }

  /**
   * The champion that a person puts in the place of this one. With the same first issue time it
   * serves instead of this one, which then has never served.
   *
   * @param from first issue time that it serves; not before that of this one
   */
  public Champion then(String nextModel, String nextWeightsSha256, Instant from) {
    Check.that(
        !from.isBefore(effectiveFrom),
        "a champion from %s on does not follow one from %s on",
        from,
        effectiveFrom);
    List<Reign> reigns = new ArrayList<>(earlier);
    if (from.isAfter(effectiveFrom)) {
      reigns.add(reign());
    }
    return new Champion(stream, nextModel, nextWeightsSha256, from, weightsSha256, reigns, false);
  }

  /** The same, named by tuning. */
  public Champion byTuning() {
    return new Champion(stream, model, weightsSha256, effectiveFrom, parent, earlier, true);
  }

  /**
   * The champion that tuning names when somebody has named another without knowing of this one,
   * which was on its way: the other's weights, and all that is known of who served before them.
   *
   * @param from first issue time that they serve again after this one; not before that of this one
   */
  public Champion givingWayTo(Champion other, Instant from) {
    NavigableMap<Instant, Reign> reigns = new TreeMap<>();
    other.earlier.forEach(reign -> reigns.put(reign.effectiveFrom(), reign));
    earlier.forEach(reign -> reigns.put(reign.effectiveFrom(), reign));
    reigns.put(effectiveFrom, reign());
    reigns.put(other.effectiveFrom, other.reign());
    return new Champion(
        stream,
        other.model,
        other.weightsSha256,
        from,
        weightsSha256,
        List.copyOf(reigns.values()),
        true);
  }

  private Reign reign() {
    return new Reign(model, weightsSha256, effectiveFrom);
  }

  /** Whether its record says that another served before it, and from when on. */
  public boolean follows(Champion other) {
    return earlier.contains(other.reign());
  }

  /** The champions before as far as known, the newest last; their own predecessors left out. */
  public List<Champion> before() {
    return earlier.stream()
        .map(r -> new Champion(stream, r.model(), r.weightsSha256(), r.effectiveFrom(), null))
        .toList();
  }

  /** As the champions topic carries it. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException when the text is not a champion; says why
   */
  public static Champion fromJson(String json) {
    try {
      Champion champion = JSON.readValue(json, Champion.class);
      Check.that(champion != null, "not a champion: %s", json);
      return champion;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a champion: " + e.getOriginalMessage(), e);
    }
  }

  /** The JSON form, which is versioned by its fields. */
  public static final class ChampionCodec implements Codec<Champion> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Champion champion, DataOutput out) throws IOException {
      out.writeUTF(champion.toJson());
    }

    @Override
    public Champion read(DataInput in) throws IOException {
      try {
        return fromJson(in.readUTF());
      } catch (IllegalArgumentException e) {
        throw new IOException(e);
      }
    }
  }
}
