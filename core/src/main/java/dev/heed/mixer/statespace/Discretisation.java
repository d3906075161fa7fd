package dev.heed.mixer.statespace;

/** How a continuous system becomes one of steps Δ (Gu et al. 2022, "S4D", section 3.1). */
public enum Discretisation {
  /** {@code Ā = exp(ΔA), B̄ = (Ā − 1) A⁻¹ B}: the input holds during a step. */
  ZERO_ORDER_HOLD,
  /** {@code Ā = (1 + ΔA/2) / (1 − ΔA/2), B̄ = Δ B / (1 − ΔA/2)}: the trapezoidal rule. */
  BILINEAR
}
