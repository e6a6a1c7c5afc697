package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.Path;

/**
 * A Zarr v3 store with a group per stream, or per variable of a stream with several; see {@link
 * ZarrGroup} for what is in one. One committer writes it, as the shape of an array is one number in
 * one file.
 *
 * <p>An issue is staged as a folder that holds its chunks, {@code <leads>/0/0}, and committed by
 * giving the folder its name, {@code <stream>/<variable>/c/<n>}; the products of an ensemble lie in
 * folders below and get their names before. Metadata follow: a reader that does not know of the new
 * shape does not see the chunks.
 */
final class ZarrArchive implements Archive {
  private static final long serialVersionUID = 1L;

  /** Before compression: a global field of 0.5 degrees has a chunk of its own, small ones share. */
  private static final int CHUNK_BYTES = 1 << 20;

  private final URI root;
  private final List<StreamSettings> streams;
  private final int chunkBytes;
  private transient Map<String, ZarrGroup> groups;

  ZarrArchive(URI root, List<StreamSettings> streams) {
    this(root, streams, CHUNK_BYTES);
  }

  ZarrArchive(URI root, List<StreamSettings> streams, int chunkBytes) {
    this.root = root;
    this.streams = List.copyOf(streams);
    this.chunkBytes = chunkBytes;
  }

  @Override
  public Path root() {
    return new Path(root);
  }

  @Override
  public void open() throws IOException {
    Storage storage = Storage.of(root());
    for (StreamSettings stream : streams) {
      for (StreamVariable variable : stream.variables()) {
        new ZarrGroup(storage, root(), group(stream.name(), variable.name()), chunkBytes)
            .demand(
                variable.name(),
                stream.horizon(),
                stream.grid(),
                EnsembleKind.of(stream.ensemble()));
      }
    }
  }

  /**
   * The group of a stream, {@code winds}; of several variables each has its own, {@code winds.u10},
   * as they are committed apart. No name of a stream has a dot.
   */
  private String group(String stream, String variable) {
    boolean several =
        streams.stream().anyMatch(s -> s.name().equals(stream) && s.variables().size() > 1);
    return several ? stream + "." + variable.replaceAll("[^A-Za-z0-9._-]", "_") : stream;
  }

  @Override
  public Path stage(Forecast whole, Path folder) throws IOException {
    Storage storage = Storage.of(root());
    Path pending = new Path(folder, UUID.randomUUID().toString());
    List<Forecast.Step> steps = whole.steps();
    int cells = whole.grid().cells();
    int leads = ZarrChunks.leads(chunkBytes, steps.size(), cells);
    for (ValueArray array : ValueArray.of(Issue.of(whole))) {
      for (int from = 0; from < steps.size(); from += leads) {
        List<List<float[]>> some =
            steps.subList(from, Math.min(from + leads, steps.size())).stream()
                .map(array.of())
                .toList();
        for (int i = 0; i < array.fields(); i++) {
          int field = i;
          storage.write(
              new Path(ZarrGroup.staged(pending, array), array.chunk(from / leads, i)),
              ZarrChunks.gzip(some.stream().map(one -> one.get(field)).toList(), leads, cells));
        }
      }
    }
    return pending;
  }

  @Override
  public void commit(List<Staged> staged) throws IOException {
    if (groups == null) {
      groups = new HashMap<>();
    }
    Storage storage = Storage.of(root());
    Map<String, List<Staged>> byGroup =
        staged.stream()
            .collect(
                Collectors.groupingBy(
                    one -> group(one.issue().stream(), one.issue().variable().name()),
                    TreeMap::new,
                    Collectors.toList()));
    for (Map.Entry<String, List<Staged>> entry : byGroup.entrySet()) {
      String name = entry.getKey();
      ZarrGroup group = groups.get(name);
      if (group == null) {
        group = new ZarrGroup(storage, root(), name, chunkBytes);
        groups.put(name, group);
      }
      group.append(entry.getValue());
    }
  }
}
