package etesian.ingest.supply;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A listener that remembers. */
final class Heard implements FetchListener {
  final List<String> texts = new ArrayList<>();
  final List<Path> fetched = new ArrayList<>();
  final List<Path> unchanged = new ArrayList<>();
  final List<String> failed = new ArrayList<>();
  long furthest;

  @Override
  public void status(String text) {
    texts.add(text);
  }

  @Override
  public void progress(String name, long bytes, long total) {
    furthest = Math.max(furthest, bytes);
  }

  @Override
  public void fetched(Path file, long bytes) {
    fetched.add(file);
  }

  @Override
  public void unchanged(Path file) {
    unchanged.add(file);
  }

  @Override
  public void failed(String name, String reason) {
    failed.add(name + ": " + reason);
  }
}
