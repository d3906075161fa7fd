package dev.heed.model.wav2vec2;

import dev.heed.model.Default;
import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import dev.heed.model.Run;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.SequenceMean;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Classes of sounds, read off the last layer, or off all layers in shares that are learned. */
final class SpeechClasses {
  private static final String SERIES = "hidden_states";

  private SpeechClasses() {}

  /**
   * What a config says of classes.
   *
   * @param classifierProjSize what states are projected to
   * @param numHiddenLayers layers
   * @param useWeightedLayerSum whether all layers are read
   * @param addAdapter refused: a class is read off the layers' own states
   */
  private record Config(
      @Default("256") int classifierProjSize,
      @Default("12") int numHiddenLayers,
      @Default("false") boolean useWeightedLayerSum,
      @Default("false") @Only("false") boolean addAdapter) {}

  /** The class of a whole sound: of the mean of the projected states. */
  static Model ofSounds(Weights weights, ModelConfig keys, SpeechEncoder encoder) {
    Config config = keys.read(Config.class);
    int inner = config.classifierProjSize();
    Shares shares = Shares.of(weights, config);
    Linear projector = Linear.of(weights.child("projector"), encoder.size(), inner);
    Linear classifier = Linear.of(weights.child("classifier"), inner, keys.labels().size());
    ClassifierHead classes =
        new ClassifierHead((run, mean) -> classifier.apply(mean), ClassifierHead.Problem.of(keys));
    return new EncoderModel(
        weights,
        shares
            .keeping(encoder.parts())
            .with((run, hidden, pooled) -> {
              Tensor read = shares.apply(run, hidden);
              Tensor keep = encoder.keep(run, read.size(1));
              classes.apply(run, read, SequenceMean.of(projector.apply(read), keep));
            }));
  }

  /**
   * The class of every frame. Labels are {@code [B, frames, classes]}, 1 for a frame's class; the
   * loss is its cross entropy over all frames.
   */
  static Model ofFrames(Weights weights, ModelConfig keys, SpeechEncoder encoder) {
    Shares shares = Shares.of(weights, keys.read(Config.class));
    Linear classifier =
        Linear.of(weights.child("classifier"), encoder.size(), keys.labels().size());
    return new EncoderModel(
        weights,
        shares
            .keeping(encoder.parts())
            .with((run, hidden, pooled) -> {
              Tensor logits = classifier.apply(shares.apply(run, hidden));
              run.put("logits", logits);
              Tensor labels = run.input().get("labels");
              if (labels != null) {
                run.put(
                    "loss",
                    Loss.crossEntropy(
                        logits.flatten(0, 1), labels.argmax(-1, false).flatten(0, -1)));
              }
            }));
  }

  /**
   * How much of each layer is read (Yang et al. 2021, "SUPERB").
   *
   * @param weights before the softmax {@code [layers + 1]}, or null to read the last alone
   */
  private record Shares(@Nullable Tensor weights) {
    static Shares of(Weights root, Config config) {
      long count = config.numHiddenLayers() + 1L;
      return new Shares(
          config.useWeightedLayerSum()
              ? root.parameter(
                  "layer_weights",
                  (shape, type, random) -> Tensor.full(shape, 1.0 / count, type),
                  count)
              : null);
    }

    EncoderModel.Parts keeping(EncoderModel.Parts parts) {
      Function<Run, Tensor> embed = parts.embed();
      return weights == null
          ? parts
          : parts.embedding(run -> {
            run.keepStates(SERIES);
            return embed.apply(run);
          });
    }

    Tensor apply(Run run, Tensor last) {
      if (weights == null) {
        return last;
      }
      return TensorScope.run(() -> {
        List<Tensor> states = run.keptStates(SERIES);
        Tensor shares = weights.softmax(-1).view(states.size(), 1, 1, 1);
        return Tensor.stack(states, 0).mul(shares).sum(0, false);
      });
    }
  }
}
