package etesian.operators.conformance;

import etesian.operators.fourier.FourierConformance;
import etesian.operators.m2no.M2noConformance;
import etesian.operators.smnn.SmnnConformance;
import etesian.operators.spectral.SpectralConformance;
import etesian.operators.training.LossConformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs every golden file under a folder, whatever its kind. */
public final class Conformance {
  private static final List<GoldenRunner> RUNNERS =
      List.of(
          new M2noConformance(),
          new SmnnConformance(),
          new SpectralConformance(),
          new FourierConformance(),
          new LossConformance());

  /** As many arrays has a note. */
  private static final int NAMED = 8;

  private Conformance() {}

  /**
   * All results, sorted by name.
   *
   * @param folder searched for {@code .npz} files at any depth; or one such file
   * @throws IOException the folder cannot be listed (an unreadable file is a failed case instead)
   */
  public static List<CaseResult> run(Path folder) throws IOException {
    return run(folder, result -> {});
  }

  /** As {@link #run(Path)}; each result is also handed over as soon as it is known. */
  public static List<CaseResult> run(Path folder, Consumer<CaseResult> listener)
      throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(f -> f.toString().endsWith(".npz")).sorted().toList();
    }
    List<CaseResult> results = new ArrayList<>();
    for (Path file : files) {
      CaseResult result = runFile(folder, file);
      results.add(result);
      listener.accept(result);
    }
    return results;
  }

  private static CaseResult runFile(Path folder, Path file) {
    Path relative = file.equals(folder) ? file.getFileName() : folder.relativize(file);
    String name = relative.toString().replace('\\', '/').replaceFirst("\\.npz$", "");
    String kind = file.toAbsolutePath().getParent().getFileName().toString();
    try {
      Npz arrays = Npz.read(file);
      for (GoldenRunner runner : RUNNERS) {
        if (runner.recognises(arrays)) {
          kind = runner.kind();
          return withUnread(runner.run(new GoldenFile(name, file, arrays)), arrays.unread());
        }
      }
      return CaseResult.failed(name, kind, "there is no runner for this kind of file");
    } catch (IOException | RuntimeException e) {
      return CaseResult.failed(name, kind, e.toString());
    }
  }

  /** Arrays that a runner passed over may be a truth that it should know. */
  private static CaseResult withUnread(CaseResult result, Set<String> unread) {
    if (unread.isEmpty()) {
      return result;
    }
    int more = unread.size() - NAMED;
    String names = "not compared: " + unread.stream().limit(NAMED).toList();
    return result.noted(more > 0 ? names + " and " + more + " more" : names);
  }
}
