package etesian.ingest.netcdf;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ucar.nc2.Dimension;
import ucar.nc2.NetcdfFile;
import ucar.nc2.Variable;

/** Which variables of a file are data and which describe the data. */
final class Coordinates {
  /** Attributes whose words name describing variables. */
  private static final List<String> REFERENCES =
      List.of("coordinates", "bounds", "climatology", "grid_mapping", "cell_measures");

  private final NetcdfFile file;
  private final Map<String, Variable> ofDimension = new HashMap<>();
  private final Set<String> describing = new HashSet<>();

  Coordinates(NetcdfFile file) {
    this.file = file;
    for (Variable variable : file.getVariables()) {
      for (String reference : REFERENCES) {
        describing.addAll(List.of(Attributes.text(variable, reference).split("[\\s:]+")));
      }
      if (isDescribingByItself(variable)) {
        describing.add(variable.getShortName());
      }
    }
    for (Variable variable : file.getVariables()) {
      if (variable.getRank() == 1 && variable.getDimension(0).isShared()) {
        ofDimension.merge(key(variable.getDimension(0)), variable, Coordinates::better);
      }
    }
  }

  /** Variables with values over at least one dimension that describe nothing else. */
  List<Variable> data() {
    return file.getVariables().stream()
        .filter(variable -> Values.isNumeric(variable) && variable.getRank() > 0)
        .filter(variable -> !describing.contains(variable.getShortName()))
        .toList();
  }

  /** The one-dimensional variable that says most about a dimension. */
  Optional<Variable> of(Dimension dimension) {
    return dimension.isShared()
        ? Optional.ofNullable(ofDimension.get(key(dimension)))
        : Optional.empty();
  }

  Role role(Dimension dimension) {
    String name = dimension.getShortName() == null ? "" : dimension.getShortName();
    return of(dimension)
        .map(Role::of)
        .filter(role -> role != Role.OTHER)
        .orElse(name.equalsIgnoreCase("expver") ? Role.EXPVER : Role.OTHER);
  }

  /** The time of a file whose only time step has no dimension. */
  Optional<Variable> scalarTime() {
    List<Variable> times =
        file.getVariables().stream()
            .filter(variable -> variable.getRank() == 0 && Values.isNumeric(variable))
            .filter(variable -> Role.of(variable) == Role.TIME)
            .filter(variable -> !isReferenceTime(variable))
            .toList();
    return times.size() == 1 ? Optional.of(times.get(0)) : Optional.empty();
  }

  /** The variable that tells final from provisional values. */
  Optional<Variable> expver() {
    return file.getVariables().stream()
        .filter(variable -> Role.of(variable) == Role.EXPVER)
        .findFirst();
  }

  /**
   * Why the cells of a variable lie on no regular grid although they lie on the earth; empty when
   * it has nothing to do with latitude and longitude.
   */
  Optional<String> irregular(Variable data) {
    Set<Dimension> dimensions = Set.copyOf(data.getDimensions());
    for (Variable variable : file.getVariables()) {
      Role role = Role.of(variable);
      boolean twoDimensional = variable.getRank() == 2 && !variable.equals(data);
      if (twoDimensional
          && (role == Role.LATITUDE || role == Role.LONGITUDE)
          && dimensions.containsAll(variable.getDimensions())) {
        return Optional.of(
            String.format(
                "its cells lie on a curvilinear grid (%s has two dimensions)",
                variable.getShortName()));
      }
    }
    for (Dimension dimension : data.getDimensions()) {
      Optional<Variable> coordinate = of(dimension);
      String standardName = coordinate.map(c -> Attributes.lower(c, "standard_name")).orElse("");
      if (standardName.startsWith("projection_") || standardName.startsWith("grid_l")) {
        return Optional.of(
            String.format(
                "its cells lie on a projected or rotated grid (%s is %s)",
                coordinate.orElseThrow().getShortName(), standardName));
      }
    }
    return Optional.empty();
  }

  private static boolean isDescribingByItself(Variable variable) {
    boolean coordinate =
        variable.getRank() == 1
            && variable.getShortName().equals(variable.getDimension(0).getShortName());
    Role role = Role.of(variable);
    // A level role by name alone ("pressure", "height") may well be data over time and space.
    return coordinate
        || variable.getRank() == 0
        || role == Role.EXPVER
        || role == Role.TIME
        || role == Role.LATITUDE
        || role == Role.LONGITUDE
        || role == Role.MEMBER
        || variable.getRank() == 1 && role == Role.LEVEL;
  }

  private static boolean isReferenceTime(Variable variable) {
    return Attributes.lower(variable, "standard_name").equals("forecast_reference_time");
  }

  /** Of two variables over one dimension the one that says more; the one of its name on a tie. */
  private static Variable better(Variable a, Variable b) {
    int difference = Integer.compare(weight(a), weight(b));
    return difference >= 0 ? a : b;
  }

  private static int weight(Variable variable) {
    if (!Values.isNumeric(variable)) {
      return 0;
    }
    int weight =
        switch (Role.of(variable)) {
          case EXPVER, OTHER -> 0;
          default -> 4;
        };
    if (variable.getShortName().equals(variable.getDimension(0).getShortName())) {
      weight += 2;
    }
    if (Set.of("time", "valid_time").contains(variable.getShortName().toLowerCase(Locale.ROOT))) {
      weight += 1;
    }
    return weight;
  }

  private static String key(Dimension dimension) {
    return dimension.getGroup() == null || dimension.getGroup().isRoot()
        ? dimension.getShortName()
        : dimension.getGroup().getFullName() + "/" + dimension.getShortName();
  }
}
