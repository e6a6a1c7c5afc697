package etesian.operators.spectral;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;
import java.util.Arrays;

/** Compares {@link NavierStokes} with golden solutions: greatest deviation over greatest value. */
public final class SpectralConformance implements GoldenRunner {
  private static final double TOLERANCE = 1e-9;

  @Override
  public String kind() {
    return "nsm";
  }

  @Override
  public boolean recognises(Npz arrays) {
    return arrays.has("w0") && arrays.has("forcing") && arrays.has("stride");
  }

  @Override
  public CaseResult run(GoldenFile file) {
    Npz golden = file.arrays();
    JsonNode config;
    try {
      config = new ObjectMapper().readTree(golden.text("config_json"));
    } catch (JsonProcessingException e) {
      return CaseResult.failed(file.name(), kind(), "config_json: " + e.getMessage());
    }
    int n = golden.shape("w0")[0];
    int stride = golden.integer("stride");
    double[] expected = golden.doubles("w");
    double[] forcing = golden.doubles("forcing");
    double[] w = golden.doubles("w0");
    double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double error = 0;
    int records = expected.length / w.length;
    try (NavierStokes flow =
        new NavierStokes(n, config.get("nu").asDouble(), config.get("dt").asDouble(), stride)) {
      for (int record = 0; record < records; record++) {
        for (int i = 0; i < w.length; i++) {
          error = Math.max(error, Math.abs(w[i] - expected[record * w.length + i]) / scale);
        }
        w = flow.advance(w, forcing);
      }
    }
    return CaseResult.compared(file.name(), kind(), error, TOLERANCE, records + " records");
  }
}
