package dev.heed.model.forecast;

import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run;
import dev.heed.model.forecast.PatchHead.Read;
import dev.heed.model.forecast.PatchMasking.Masked;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that reads series as patches.
 *
 * <p>Takes {@code past_values [B, context, C]}, perhaps which of them were observed, and what the
 * head has a meaning for. Gives {@code last_hidden_state [B, C, N, D]}, {@code patch_input [B, C,
 * N, P]}, {@code loc} and {@code scale [B, 1, C]}, {@code mask [B, C, N]} where patches are hidden,
 * and what the head gives.
 */
public abstract class PatchModel extends SeriesModel {
  private final Parts parts;

  /**
   * What such models share.
   *
   * @param scaler of series
   * @param patches into which they are cut
   * @param masking of patches, or null for none
   * @param head what stands on their states
   * @param shape what it reads and how far it looks ahead
   */
  public record Parts(
      SeriesScaler scaler,
      Patches patches,
      @Nullable PatchMasking masking,
      PatchHead head,
      SeriesShape shape) {}

  /** A model at the root of its weights. */
  protected PatchModel(Weights weights, Parts parts) {
    super(weights);
    this.parts = parts;
  }

  /**
   * From patches {@code [B, C, N, P]} to states {@code [B, C, N, D]}; a token for the whole series
   * may stand in front.
   */
  protected abstract Tensor encode(Run run, Tensor patches);

  /** What such models share. */
  protected final Parts parts() {
    return parts;
  }

  /** How series are cut. */
  public final Patches patches() {
    return parts.patches();
  }

  @Override
  public final ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public final SeriesShape shape() {
    return parts.shape();
  }

  @Override
  protected final void run(Run run) {
    Tensor past = run.input().require("past_values");
    if (past.rank() != 3 || past.size(2) != parts.shape().values()) {
      throw new ShapeException(
          "past_values: expected [B, "
              + parts.shape().past()
              + ", "
              + parts.shape().values()
              + "], got "
              + past.shape());
    }
    Tensor observed = run.input().get(parts.shape().maskName());
    Scale scale = parts.scaler().of(past, observed == null ? past.mul(0).add(1) : observed);
    Tensor patches = parts.patches().of(scale.scaled(past));
    Masked masked = parts.masking() == null ? null : parts.masking().apply(run, patches);
    Tensor states = encode(run, masked == null ? patches : masked.patches());
    run.put("last_hidden_state", states);
    run.put("loc", scale.loc());
    run.put("scale", scale.scale());
    run.put("patch_input", patches);
    if (masked != null) {
      run.put("mask", masked.hidden());
    }
    Tensor hidden = masked == null ? null : masked.hidden();
    parts.head().apply(run, states, new Read(scale, patches, hidden));
  }

  @Override
  public final Tensor futures(ModelInput input, int futures, List<Generator> random) {
    TargetMap map = parts.head().forecast();
    if (map == null) {
      throw noForecast("another head");
    }
    return TensorScope.run(() -> {
      ModelOutput output = apply(input);
      Outlook outlook = map.outlook(output);
      return outlook == null
          ? output.require("prediction_outputs").unsqueeze(1)
          : outlook
              .repeated(futures)
              .draw(random)
              .unflatten(0, input.require("past_values").size(0), futures);
    });
  }
}
