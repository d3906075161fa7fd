package dev.heed.model.clip;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Masks;
import dev.heed.model.Run;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.clip.PairModel.Reading;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** An encoder of texts. */
final class TextTower extends Module {
  /** In the first published configs, which stand for another token than they say. */
  private static final long LEGACY_END = 2;

  /**
   * In what CLIP's and SigLIP's differ.
   *
   * @param vocabulary how many tokens there are
   * @param longest the longest text
   * @param causal whether a token sees those before it alone
   * @param end whose first occurrence's state stands for the text; negative for the last state
   * @param projection size of what a head makes of that state, or 0 without a head
   */
  record Plan(int vocabulary, int longest, boolean causal, long end, int projection) {}

  private final Embedding words;
  private final Embedding positions;
  private final TransformerStack stack;
  private final @Nullable Linear head;
  private final Plan plan;

  TextTower(Weights weights, TowerConfig config, Plan plan, String names) {
    super(weights);
    Weights embeddings = weights.child("embeddings");
    long size = config.hiddenSize();
    words = new Embedding(embeddings.child("token_embedding"), plan.vocabulary(), size, -1);
    positions = new Embedding(embeddings.child("position_embedding"), plan.longest(), size, -1);
    // Old files keep the positions' numbers.
    embeddings.ignore("position_ids");
    stack = Tower.stack(weights, config, Tower.norm(weights, "final_layer_norm", config), names);
    head =
        plan.projection() == 0 ? null : Linear.of(weights.child("head"), size, plan.projection());
    this.plan = plan;
  }

  Reading apply(Run run) {
    Tensor ids = run.input().require("input_ids");
    Tensor given = run.input().get("position_ids");
    Tensor places = given == null ? Tensor.arange(ids.size(1), DType.I64) : given;
    if (places.max().itemLong() >= plan.longest()) {
      throw new ShapeException(
          "text: expected at most " + plan.longest() + " tokens, got " + ids.size(1));
    }
    AttentionMask present = Masks.present(run.input());
    AttentionRequest request = run.request(present);
    AttentionRequest own = plan.causal() ? request.narrowedTo(AttentionMask.causal()) : request;
    Tensor states =
        stack.apply(
            words.apply(ids).add(positions.apply(places)), run, layer -> new LayerCall(own));
    Tensor pooled = pooled(states, ids);
    return new Reading(states, head == null ? pooled : head.apply(pooled));
  }

  private Tensor pooled(Tensor states, Tensor ids) {
    if (plan.end() < 0) {
      return states.select(1, states.size(1) - 1);
    }
    // The first of the largest, counted from the end so that ties go to it.
    Tensor fromEnd = Tensor.arange(ids.size(1), DType.F64).neg().add(ids.size(1));
    Tensor marks =
        plan.end() == LEGACY_END
            ? ids.eq(ids.amax(1, true)).to(DType.F64)
            : ids.eq(plan.end()).to(DType.F64);
    Tensor place = marks.mul(fromEnd).argmax(1, true).unsqueeze(-1);
    return states.gather(1, place.expand(states.size(0), 1, states.size(2))).squeeze(1);
  }

  TransformerStack stack() {
    return stack;
  }

  Tensor table() {
    return words.weight();
  }
}
