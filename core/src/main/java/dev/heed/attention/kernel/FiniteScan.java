package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.TILE_KEYS;

import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;

/** Whether all numbers are finite, read once: LibTorch's {@code isfinite} makes five passes. */
final class FiniteScan implements Workers.Task {
  private final Operand operand;
  private final int blocks;
  private volatile boolean broken;

  private FiniteScan(Operand operand) {
    this.operand = operand;
    this.blocks = (operand.length() + TILE_KEYS - 1) / TILE_KEYS;
  }

  /**
   * Whether all numbers of a tensor are finite.
   *
   * @param x {@code [B, H, T, D]}
   */
  static boolean areFinite(Tensor x) {
    boolean byVectors =
        (x.dtype() == DType.F32 || x.dtype() == DType.BF16)
            && PathChoice.live().path() == AttentionPath.VECTOR;
    if (byVectors) {
      return new FiniteScan(Operands.of(x)).compute(Teams.of(Backend.threads()));
    }
    try (TensorScope scope = TensorScope.open()) {
      return Gradients.disabled(() -> x.isFinite().all().toBooleanArray()[0]);
    }
  }

  private boolean compute(Workers workers) {
    workers.run(operand.batches() * operand.heads() * blocks, this);
    return !broken;
  }

  @Override
  public void run(int task, Workspace workspace) {
    if (broken) {
      return;
    }
    Scratch s = Scratch.of(workspace);
    int plane = task / blocks;
    int first = task % blocks * TILE_KEYS;
    int rows = Math.min(TILE_KEYS, operand.length() - first);
    int stride = Scratch.padded(operand.width());
    s.keys = Scratch.atLeast(s.keys, TILE_KEYS * stride);
    operand.load(plane / operand.heads(), plane % operand.heads(), first, rows, s.keys, 0, stride);
    broken |= !RowScaling.areFinite(s.keys, 0, rows * stride);
  }
}
