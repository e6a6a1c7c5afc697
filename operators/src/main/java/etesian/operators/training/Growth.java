package etesian.operators.training;

import etesian.operators.GrowingOperator;

/**
 * When a {@link GrowingOperator} uses more of what it stores: asked after each epoch. Both rules
 * are ideas of the incremental Fourier neural operator (George, Zhao, Kossaifi, Li, Anandkumar,
 * 2024); what they look at is defined here.
 */
public sealed interface Growth {

  /** It stays as it is. */
  record Never() implements Growth {}

  /**
   * All axes grow by a stage when the mean training loss stands still:
   *
   * <pre>  |loss_e - loss_(e-1)| &lt;= stall loss_(e-1)  </pre>
   *
   * @param stall at least 0
   */
  record LossGap(double stall) implements Growth {
    public LossGap {
      if (!(stall >= 0)) {
        throw new IllegalArgumentException("stall is " + stall + ", expected at least 0");
      }
    }
  }

  /**
   * An axis grows by a stage when learning pulls at its edge: when the modes inside explain too
   * little of the gradient,
   *
   * <pre>
   *   r_a = sum_{d >= edge} E_a(d) / sum_d E_a(d) &lt; explained
   * </pre>
   *
   * E_a(d): {@link GrowingOperator#gradientEnergy} of the axis a at distance d from its edge,
   * summed over the steps of the epoch, before clipping and decay.
   *
   * @param explained 0 to 1; 0 is never
   * @param edge outermost shells that are not inside, at least 1; an axis with no more grows
   */
  record GradientEnergy(double explained, int edge) implements Growth {
    public GradientEnergy {
      if (!(explained >= 0 && explained <= 1) || edge < 1) {
        throw new IllegalArgumentException(
            String.format(
                "growth by gradient energy: explained is %s, expected 0 to 1; edge is %d, expected"
                    + " at least 1",
                explained, edge));
      }
    }
  }
}
