package dev.heed.model.bart;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Global tokens in front, which see all and are seen by all; the others see their block (Phang et
 * al. 2022, section 3.1). Blocks are told apart by a mask alone: nothing is filled up to whole
 * ones.
 *
 * @param globals how many
 * @param block tokens a block
 * @param staggered whether every second layer's blocks begin half a block earlier
 */
record PegasusXFrame(int globals, int block, boolean staggered) implements EncoderFrame {
  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    long all = embedded.size(1);
    Tensor first = Tensor.arange(all, DType.I64).lt(globals).unsqueeze(0);
    AttentionMask global = AttentionMask.globalTokens(first);
    Tensor keep = run.input().truth("attention_mask");
    AttentionMask padding = keep == null ? null : AttentionMask.padding(behindGlobals(keep));
    AttentionRequest even = run.request(mask(0, global, padding));
    AttentionRequest odd = run.request(mask(block / 2, global, padding));
    return layer -> staggered && layer % 2 == 1 ? odd : even;
  }

  private AttentionMask mask(int moved, AttentionMask global, @Nullable AttentionMask padding) {
    int before = Math.floorMod(moved - globals, block);
    AttentionMask seen = AttentionMask.chunks(block, List.of(before)).or(global);
    return padding == null ? seen : seen.and(padding);
  }

  private Tensor behindGlobals(Tensor keep) {
    Tensor there = Tensor.ones(Shape.of(keep.size(0), globals), DType.I64).ne(0);
    return Tensor.cat(List.of(there, keep), 1);
  }

  @Override
  public Tensor own(Run run, Tensor states) {
    return states.narrow(1, globals, states.size(1) - globals);
  }

  @Override
  public void record(Run run, String series, Tensor states) {
    run.state(series, own(run, states));
    run.state("encoder_global_hidden_states", states.narrow(1, 0, globals));
  }
}
