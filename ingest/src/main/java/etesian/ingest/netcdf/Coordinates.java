package etesian.ingest.netcdf;

import etesian.ingest.netcdf.FileVariable.FileDimension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which variables of a file are data and which describe the data. */
final class Coordinates {
  /** Attributes whose words name describing variables. */
  private static final List<String> REFERENCES =
      List.of("coordinates", "bounds", "climatology", "grid_mapping", "cell_measures");

  private final DataFile file;
  private final Map<String, FileVariable> ofDimension = new HashMap<>();
  private final Set<String> describing = new HashSet<>();

  Coordinates(DataFile file) {
    this.file = file;
    for (FileVariable variable : file.variables()) {
      for (String reference : REFERENCES) {
        describing.addAll(List.of(Attributes.text(variable, reference).split("[\\s:]+")));
      }
      if (isDescribingByItself(variable)) {
        describing.add(variable.shortName());
      }
    }
    for (FileVariable variable : file.variables()) {
      if (variable.rank() == 1) {
        ofDimension.merge(variable.dimensions().get(0).key(), variable, Coordinates::better);
      }
    }
  }

  /** Variables with values over at least one dimension that describe nothing else. */
  List<FileVariable> data() {
    return file.variables().stream()
        .filter(variable -> variable.isNumeric() && variable.rank() > 0)
        .filter(variable -> !describing.contains(variable.shortName()))
        .toList();
  }

  /** The one-dimensional variable that says most about a dimension. */
  Optional<FileVariable> of(FileDimension dimension) {
    return Optional.ofNullable(ofDimension.get(dimension.key()));
  }

  Role role(FileDimension dimension) {
    return of(dimension)
        .map(Role::of)
        .filter(role -> role != Role.OTHER)
        .orElse(dimension.name().equalsIgnoreCase("expver") ? Role.EXPVER : Role.OTHER);
  }

  /** The time of a file whose only time step has no dimension. */
  Optional<FileVariable> scalarTime() {
    List<FileVariable> times = scalarTimes();
    return times.size() == 1 ? Optional.of(times.get(0)) : Optional.empty();
  }

  /** Which of time, latitude and longitude a variable lacks, and what it has instead. */
  String absent(FileVariable data) {
    Set<Role> roles = new HashSet<>();
    List<String> found = new ArrayList<>();
    for (FileDimension dimension : data.dimensions()) {
      roles.add(role(dimension));
      found.add(described(dimension));
    }
    List<String> absent = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    if (!roles.contains(Role.TIME) && scalarTime().isEmpty()) {
      absent.add("time");
      expected.add("'hours since 1900-01-01'");
    }
    if (!roles.contains(Role.LATITUDE)) {
      absent.add("latitude");
      expected.add("'degrees_north'");
    }
    if (!roles.contains(Role.LONGITUDE)) {
      absent.add("longitude");
      expected.add("'degrees_east'");
    }
    return String.format(
        "%s is not over time, latitude and longitude: no %s among %s%s; expected units such as %s",
        data,
        String.join(", no ", absent),
        String.join(", ", found),
        scalarTimes().size() > 1 ? ", and several times without a dimension" : "",
        String.join(", ", expected));
  }

  /** {@code lat [degrees]}, {@code time (text)} or {@code x (no coordinate)}. */
  private String described(FileDimension dimension) {
    String name = dimension.name().isEmpty() ? "a dimension without name" : dimension.name();
    return name
        + of(dimension)
            .map(c -> c.isText() ? " (text)" : " [" + Attributes.text(c, "units") + "]")
            .orElse(" (no coordinate)");
  }

  private List<FileVariable> scalarTimes() {
    return file.variables().stream()
        .filter(variable -> variable.rank() == 0 && variable.isNumeric())
        .filter(variable -> Role.of(variable) == Role.TIME)
        .filter(variable -> !isReferenceTime(variable))
        .toList();
  }

  /** Revision of each element of {@code expver}; a single one for all where there is none. */
  int[] revisions() throws IOException {
    for (FileVariable variable : file.variables()) {
      if (Role.of(variable) == Role.EXPVER) {
        return Revisions.of(variable);
      }
    }
    return new int[] {Revisions.FINAL};
  }

  /**
   * Why the cells of a variable lie on no regular grid although they lie on the earth; empty when
   * it has nothing to do with latitude and longitude.
   */
  Optional<String> irregular(FileVariable data) {
    Set<FileDimension> dimensions = Set.copyOf(data.dimensions());
    Optional<FileVariable> latitudes = alongOneDimension(Role.LATITUDE, dimensions);
    Optional<FileVariable> longitudes = alongOneDimension(Role.LONGITUDE, dimensions);
    if (latitudes.isPresent()
        && longitudes.isPresent()
        && latitudes.get().dimensions().equals(longitudes.get().dimensions())) {
      return Optional.of(
          String.format(
              "its cells lie on an unstructured or reduced grid (%s and %s share the dimension %s)",
              latitudes.get(), longitudes.get(), latitudes.get().dimensions().get(0).name()));
    }
    for (FileVariable variable : file.variables()) {
      Role role = Role.of(variable);
      boolean notAlongOne = variable.rank() > 1 && !variable.equals(data);
      if (notAlongOne
          && (role == Role.LATITUDE || role == Role.LONGITUDE)
          && dimensions.containsAll(variable.dimensions())) {
        return Optional.of(
            String.format(
                "its cells lie on a curvilinear grid (%s has %s dimensions)",
                variable.shortName(), variable.rank() == 2 ? "two" : variable.rank()));
      }
    }
    for (FileDimension dimension : data.dimensions()) {
      Optional<FileVariable> coordinate = of(dimension);
      String standardName = coordinate.map(c -> Attributes.lower(c, "standard_name")).orElse("");
      if (standardName.startsWith("projection_") || standardName.startsWith("grid_l")) {
        return Optional.of(
            String.format(
                "its cells lie on a projected or rotated grid (%s is %s)",
                coordinate.orElseThrow().shortName(), standardName));
      }
    }
    return Optional.empty();
  }

  private Optional<FileVariable> alongOneDimension(Role role, Set<FileDimension> dimensions) {
    return file.variables().stream()
        .filter(variable -> variable.rank() == 1 && Role.of(variable) == role)
        .filter(variable -> dimensions.containsAll(variable.dimensions()))
        .findFirst();
  }

  private static boolean isDescribingByItself(FileVariable variable) {
    Role role = Role.of(variable);
    // A level role by name alone ("pressure", "height") may well be data over time and space.
    return variable.isCoordinate()
        || variable.rank() == 0
        || role == Role.EXPVER
        || role == Role.TIME
        || role == Role.LATITUDE
        || role == Role.LONGITUDE
        || role == Role.MEMBER
        || variable.rank() == 1 && role == Role.LEVEL;
  }

  private static boolean isReferenceTime(FileVariable variable) {
    return Attributes.lower(variable, "standard_name").equals("forecast_reference_time");
  }

  /** Of two variables over one dimension the one that says more; the one of its name on a tie. */
  private static FileVariable better(FileVariable a, FileVariable b) {
    int difference = Integer.compare(weight(a), weight(b));
    return difference >= 0 ? a : b;
  }

  private static int weight(FileVariable variable) {
    if (!variable.isNumeric()) {
      return 0;
    }
    int weight =
        switch (Role.of(variable)) {
          case EXPVER, OTHER -> 0;
          // A time that is valid says more, and so does one with its hours.
          default -> isReferenceTime(variable) || DateNumbers.are(variable) ? 1 : 4;
        };
    if (variable.isCoordinate()) {
      weight += 2;
    }
    if (Set.of("time", "valid_time").contains(variable.shortName().toLowerCase(Locale.ROOT))) {
      weight += 1;
    }
    return weight;
  }
}
