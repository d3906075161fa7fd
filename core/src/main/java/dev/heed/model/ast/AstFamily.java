package dev.heed.model.ast;

import dev.heed.model.Default;
import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.vit.VitConfig;
import dev.heed.model.vit.VitLayers;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** Checkpoints of the Audio Spectrogram Transformer. */
public final class AstFamily implements ModelFamily {
  private static final String BASE = "audio_spectrogram_transformer";

  record Choices(
      @Default("16") int patchSize,
      @Default("10") int frequencyStride,
      @Default("10") int timeStride,
      @Default("1024") int maxLength,
      @Default("128") int numMelBins) {
    AstEmbeddings.Patches patches() {
      return new AstEmbeddings.Patches(
          patchSize, frequencyStride, timeStride, numMelBins, maxLength);
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("audio-spectrogram-transformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("ASTForAudioClassification", AstFamily::sounds);
    builders.put(
        "ASTModel", (weights, keys) -> build(weights, keys, keys.read(VitConfig.class), Head.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base(BASE, "classifier");
  }

  private static Model sounds(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    LayerNorm norm =
        new LayerNorm(
            weights.child("classifier.layernorm"), config.hiddenSize(), config.layerNormEps());
    Linear classes =
        Linear.of(weights.child("classifier.dense"), config.hiddenSize(), keys.labels().size());
    return build(
        weights,
        keys,
        config,
        new ClassifierHead(
            (run, mean) -> classes.apply(norm.apply(mean)), ClassifierHead.Problem.of(keys)));
  }

  private static Model build(Weights root, ModelConfig keys, VitConfig config, Head head) {
    Weights weights = root.child(BASE);
    AstEmbeddings embeddings =
        new AstEmbeddings(weights.child("embeddings"), config, keys.read(Choices.class).patches());
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    return new EncoderModel(
        root,
        new EncoderModel.Parts(
            embeddings::apply,
            VitLayers.stack(weights.child("encoder"), config, norm),
            x -> x.select(1, 0).add(x.select(1, 1)).div(2),
            head,
            null));
  }
}
