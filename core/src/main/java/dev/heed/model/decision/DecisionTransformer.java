package dev.heed.model.decision;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.gpt2.Gpt2Config;
import dev.heed.model.gpt2.Gpt2Family;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads, step by step, the return still to come, the state and the action as three tokens, and says
 * after each state which action follows (Chen et al. 2021, section 3).
 *
 * <p>Takes {@code returns_to_go [B, T, 1]}, {@code states [B, T, S]}, {@code actions [B, T, A]},
 * {@code timesteps} i64 {@code [B, T]} and perhaps {@code attention_mask [B, T]}; {@code rewards}
 * are taken and play no part. Gives {@code action_preds [B, T, A]}, {@code state_preds [B, T, S]},
 * {@code return_preds [B, T, 1]} and {@code last_hidden_state [B, 3·T, H]}.
 */
public final class DecisionTransformer extends Model {
  private static final int TOKENS = 3;

  private final Weights weights;
  private final DecisionConfig config;
  private final Linear ofReturn;
  private final Linear ofState;
  private final Linear ofAction;
  private final Embedding ofTime;
  private final LayerNorm norm;
  private final Embedding positions;
  private final Dropout dropout;
  private final TransformerStack stack;
  private final Linear toReturn;
  private final Linear toState;
  private final Linear toAction;

  DecisionTransformer(Weights weights, DecisionConfig config) {
    this(weights, config, layers(weights.child("encoder"), config));
  }

  private DecisionTransformer(Weights weights, DecisionConfig config, TransformerStack stack) {
    super(weights);
    this.weights = weights;
    this.config = config;
    this.stack = stack;
    int size = config.hiddenSize();
    ofReturn = Linear.of(weights.child("embed_return"), 1, size);
    ofState = Linear.of(weights.child("embed_state"), config.stateDim(), size);
    ofAction = Linear.of(weights.child("embed_action"), config.actDim(), size);
    ofTime = new Embedding(weights.child("embed_timestep"), config.maxEpLen(), size, -1);
    norm = new LayerNorm(weights.child("embed_ln"), size, 1e-5);
    positions = new Embedding(weights.child("encoder.wpe"), config.nPositions(), size, -1);
    dropout = new Dropout(config.embdPdrop());
    toReturn = Linear.of(weights.child("predict_return"), size, 1);
    toState = Linear.of(weights.child("predict_state"), size, config.stateDim());
    toAction = Linear.of(weights.child("predict_action.0"), size, config.actDim());
    // GPT-2's table of words, which nothing reads.
    weights.ignoreBelow("encoder.wte");
  }

  private static TransformerStack layers(Weights encoder, DecisionConfig config) {
    Gpt2Config sizes = config.gpt2();
    List<TransformerLayer> layers =
        IntStream.range(0, config.nLayer())
            .mapToObj(i -> Gpt2Family.layer(encoder.child("h", i), sizes, i))
            .toList();
    LayerNorm norm =
        new LayerNorm(encoder.child("ln_f"), config.hiddenSize(), config.layerNormEpsilon());
    return TransformerStack.of(layers, norm);
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public DecisionTransformer withMixers(MixerSwap swap) {
    return new DecisionTransformer(weights, config, stack.withMixers(swap));
  }

  @Override
  protected void run(Run run) {
    Tensor steps = steps(run.input());
    Tensor embedded =
        dropout.apply(
            norm.apply(steps.flatten(1, 2)).add(positions.weight().select(0, 0)), run.trace());
    AttentionRequest request = request(run);
    Tensor hidden = stack.apply(embedded, run, layer -> new LayerCall(request));
    run.put("last_hidden_state", hidden);
    Tensor bySteps = hidden.unflatten(1, hidden.size(1) / TOKENS, TOKENS); // [B, T, 3, H]
    Tensor afterState = bySteps.select(2, 1);
    Tensor afterAction = bySteps.select(2, 2);
    Tensor actions = toAction.apply(afterState);
    run.put("state_preds", toState.apply(afterAction));
    run.put("action_preds", config.actionTanh() ? actions.tanh() : actions);
    run.put("return_preds", toReturn.apply(afterAction));
  }

  /** {@code [B, T, 3, H]}: return, state, action, each with the time of its step. */
  private Tensor steps(ModelInput input) {
    // The field hands rewards on to the model, which learns from returns alone.
    input.get("rewards");
    Tensor times = input.require("timesteps");
    if (times.elements() > 0 && times.max().itemLong() >= config.maxEpLen()) {
      throw new ShapeException(
          "timesteps: expected below " + config.maxEpLen() + ", got " + times.max().itemLong());
    }
    Tensor time = ofTime.apply(times);
    return Tensor.stack(
        List.of(
            ofReturn.apply(input.require("returns_to_go")).add(time),
            ofState.apply(input.require("states")).add(time),
            ofAction.apply(input.require("actions")).add(time)),
        2);
  }

  private static AttentionRequest request(Run run) {
    Tensor there = run.input().truth("attention_mask");
    if (there == null) {
      return run.request(AttentionMask.causal());
    }
    PaddedSteps steps = new PaddedSteps(there.repeatInterleave(TOKENS, 1));
    return run.request(steps).withModifier(steps.alike());
  }
}
