package etesian.ops.compare;

import etesian.operators.m2no.Cycle;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Norm;
import etesian.operators.m2no.Packing;

/** The ways between the levels that are compared; width, depth and increments are the same. */
public enum Variant {
  /** The published network. */
  RESHAPE(Packing.RESHAPE, Cycle.STATE, false, Norm.NONE),
  RESHAPE_LAYER_NORM(Packing.RESHAPE, Cycle.STATE, false, Norm.LAYER),
  TENSOR(Packing.TENSOR, Cycle.STATE, false, Norm.NONE),
  TENSOR_CHANNEL_NORM(Packing.TENSOR, Cycle.STATE, false, Norm.CHANNEL),
  TENSOR_RESIDUAL(Packing.TENSOR, Cycle.RESIDUAL, false, Norm.NONE),
  TENSOR_DETAILS(Packing.TENSOR, Cycle.STATE, true, Norm.NONE),
  TENSOR_RESIDUAL_DETAILS(Packing.TENSOR, Cycle.RESIDUAL, true, Norm.NONE),
  TENSOR_RESIDUAL_DETAILS_CHANNEL_NORM(Packing.TENSOR, Cycle.RESIDUAL, true, Norm.CHANNEL);

  private final Packing packing;
  private final Cycle cycle;
  private final boolean details;
  private final Norm norm;

  Variant(Packing packing, Cycle cycle, boolean details, Norm norm) {
    this.packing = packing;
    this.cycle = cycle;
    this.details = details;
    this.norm = norm;
  }

  M2noSettings of(M2noSettings network) {
    return network.withLevels(packing, cycle, details, norm);
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
