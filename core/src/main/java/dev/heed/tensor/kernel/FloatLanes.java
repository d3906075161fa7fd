package dev.heed.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The widest float vectors of this processor. */
public final class FloatLanes {
  /** Their species. */
  public static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Floats in one vector. */
  public static final int LENGTH = FLOATS.length();

  private FloatLanes() {}
}
