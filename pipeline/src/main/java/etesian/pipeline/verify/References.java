package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.climatology.Climatology;
import etesian.pipeline.climatology.Harmonics;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The reference forecasts of a stream, learned observation by observation in the order of time, so
 * that what they say at an issue time rests on nothing later. Mutable, for one thread.
 */
final class References {
  private final int cells;
  private final Climatology climatology;

  /** By lead, from the first pair on: the settings may name other leads after a restart. */
  private final SortedMap<Integer, AnomalyDamping> dampings;

  References(Harmonics harmonics, int cells) {
    this(cells, new Climatology(harmonics, cells), new TreeMap<>());
  }

  private References(
      int cells, Climatology climatology, SortedMap<Integer, AnomalyDamping> dampings) {
    this.cells = cells;
    this.climatology = climatology;
    this.dampings = dampings;
  }

  /** Of the grid that they know. */
  int cells() {
    return cells;
  }

  /**
   * Learns an observation.
   *
   * @param observed shape (cells), NaN is missing
   * @param earlierAnomalies by lead, what this method returned for the observation that many steps
   *     earlier; leads whose observation is not there are left out
   * @return the anomaly of this observation, to be kept for those to come
   */
  float[] learn(Instant time, float[] observed, Map<Integer, float[]> earlierAnomalies) {
    climatology.observe(time, observed);
    float[] anomaly = minus(observed, climatology.at(time));
    earlierAnomalies.forEach(
        (lead, earlier) ->
            dampings
                .computeIfAbsent(lead, unseen -> new AnomalyDamping(cells))
                .learn(earlier, anomaly));
    return anomaly;
  }

  /**
   * What the references say now.
   *
   * @param observed the observation at the issue time, null when it is missing
   * @param anomaly what {@link #learn} returned for it, null when it is missing
   */
  ReferenceFields forecast(int lead, Instant validAt, float[] observed, float[] anomaly) {
    float[] normal = Cells.nullIfEmpty(climatology.at(validAt));
    boolean known = observed != null && Cells.nullIfEmpty(observed) != null;
    AnomalyDamping damping = dampings.get(lead);
    return new ReferenceFields(
        known ? observed : null,
        normal,
        known && normal != null && damping != null ? damping.on(normal, anomaly) : null);
  }

  private static float[] minus(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  /** Version 1: cells, climatology, number of leads, then lead and damping of each. */
  public static final class ReferencesCodec implements Codec<References> {
    private static final long serialVersionUID = 1L;

    private static final Codec<Climatology> CLIMATOLOGY = new Climatology.ClimatologyCodec();

    @Override
    public void write(References references, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(references.cells);
      CLIMATOLOGY.write(references.climatology, out);
      out.writeInt(references.dampings.size());
      for (Map.Entry<Integer, AnomalyDamping> damping : references.dampings.entrySet()) {
        out.writeInt(damping.getKey());
        damping.getValue().write(out);
      }
    }

    @Override
    public References read(DataInput in) throws IOException {
      Binary.version(in, 1, "references");
      int cells = in.readInt();
      Climatology climatology = CLIMATOLOGY.read(in);
      SortedMap<Integer, AnomalyDamping> dampings = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        dampings.put(in.readInt(), AnomalyDamping.read(cells, in));
      }
      return new References(cells, climatology, dampings);
    }

    @Override
    public References copy(References references) {
      SortedMap<Integer, AnomalyDamping> dampings = new TreeMap<>();
      references.dampings.forEach((lead, damping) -> dampings.put(lead, damping.copy()));
      return new References(references.cells, CLIMATOLOGY.copy(references.climatology), dampings);
    }
  }
}
