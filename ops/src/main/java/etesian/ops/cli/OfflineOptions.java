package etesian.ops.cli;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ops.evaluate.OfflineModel;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Weights and data of commands that forecast without a stream. */
final class OfflineOptions {
  private static final int LEADS = 12;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--weights", paramLabel = "FILE", description = "A .safetensors file.")
  private Path weights;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description = "NetCDF files or folders, one or more.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "Settings, for a stream with a grid or issue times of its own. Of one with ensembles it"
              + " is one run without noise.")
  private Path config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "With -c: the stream (default: the only one that the weights fit).")
  private String stream;

  OfflineModel model() {
    if (weights == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--weights is needed: a file that 'etesian train' has written, or another .safetensors");
    }
    if (data.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--data is needed: NetCDF files or a folder");
    }
    return new OfflineModel(weights);
  }

  List<Path> data() {
    return data;
  }

  /**
   * @param leads to verify; none leaves them to the settings, or to the model
   */
  StreamSettings stream(OfflineModel model, List<Field> fields, List<Integer> leads) {
    for (int lead : leads) {
      if (lead < 1) {
        throw new ParameterException(spec.commandLine(), "leads are at least 1, got " + lead);
      }
    }
    List<Integer> usual = IntStream.rangeClosed(1, model.horizon().orElse(LEADS)).boxed().toList();
    if (config == null) {
      return model.stream(leads.isEmpty() ? usual : leads, fields);
    }
    StreamSettings found = model.complete(chosen(model));
    if (found.ensemble() != null) {
      spec.commandLine()
          .getErr()
          .printf(
              "stream %s: one run without noise, not its ensemble of %d members%n",
              found.name(), found.ensemble().members());
    }
    if (!leads.isEmpty()) {
      return verifying(found, leads);
    }
    return found.verifyLeads().isEmpty() ? verifying(found, usual) : found;
  }

  private StreamSettings chosen(OfflineModel model) {
    List<StreamSettings> streams = PipelineSettings.read(config).streams();
    List<StreamSettings> fitting =
        streams.stream()
            .filter(each -> stream == null ? model.fits(each) : each.name().equals(stream))
            .toList();
    Check.that(
        fitting.size() == 1,
        "%s: %d streams %s, expected one; name it with --stream, there are %s",
        config,
        fitting.size(),
        stream == null ? "fit the weights" : "are called '" + stream + "'",
        streams.stream().map(StreamSettings::name).collect(Collectors.joining(", ")));
    return fitting.get(0);
  }

  /** The same stream, forecast by one run and verified at other leads. */
  private static StreamSettings verifying(StreamSettings stream, List<Integer> leads) {
    return stream.with(s -> s.horizon(Collections.max(leads)).verifyLeads(leads).ensemble(null));
  }
}
