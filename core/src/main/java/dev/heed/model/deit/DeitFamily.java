package dev.heed.model.deit;

import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.vit.GridFrame;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchPositions;
import dev.heed.model.vit.VitConfig;
import dev.heed.model.vit.VitEmbeddings;
import dev.heed.model.vit.VitLayers;
import dev.heed.nn.Activation;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DeiT checkpoints. */
public final class DeitFamily implements ModelFamily {
  private static final int IMAGE = 224;
  private static final int PATCH = 16;

  @Override
  public Set<String> modelTypes() {
    return Set.of("deit");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("DeiTForImageClassificationWithTeacher", DeitFamily::withTeacher);
    builders.put("DeiTForImageClassification", DeitFamily::images);
    builders.put("DeiTModel", DeitFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("deit", "classifier", "cls_classifier", "distillation_classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of a decoder of masked pixels alone.
    return Set.of("encoder_stride");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    Weights own = weights.child("deit.pooler.dense");
    if (!own.has("weight")) {
      return build(weights, config, keys, null, Head.NONE);
    }
    Linear pooler = Linear.of(own, config.hiddenSize(), config.pooled());
    Activation activation = Activation.named(config.poolerAct());
    return build(
        weights, config, keys, x -> activation.apply(pooler.apply(x.select(1, 0))), Head.NONE);
  }

  private static Model images(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    Linear classifier = classifier(weights, "classifier", config, keys);
    return build(
        weights,
        config,
        keys,
        null,
        new ClassifierHead(
            (run, first) -> classifier.apply(first), ClassifierHead.Problem.of(keys)));
  }

  /** The mean of what the class token and the teacher's token say. */
  private static Model withTeacher(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    Linear first = classifier(weights, "cls_classifier", config, keys);
    Linear second = classifier(weights, "distillation_classifier", config, keys);
    return build(
        weights,
        config,
        keys,
        null,
        (run, hidden, pooled) -> {
          Tensor own = first.apply(hidden.select(1, 0));
          Tensor taught = second.apply(hidden.select(1, 1));
          run.put("cls_logits", own);
          run.put("distillation_logits", taught);
          run.put("logits", own.add(taught).div(2));
        });
  }

  private static Linear classifier(
      Weights weights, String name, VitConfig config, ModelConfig keys) {
    return Linear.of(weights.child(name), config.hiddenSize(), keys.labels().size());
  }

  private static Model build(
      Weights root, VitConfig config, ModelConfig keys, @Nullable Norm pooler, Head head) {
    Weights weights = root.child("deit");
    VitEmbeddings embeddings =
        new VitEmbeddings(
            weights.child("embeddings"),
            config,
            new VitEmbeddings.Plan(
                ImageSize.of(keys, "image_size", IMAGE),
                ImageSize.of(keys, "patch_size", PATCH),
                List.of("cls_token", "distillation_token"),
                0,
                PatchPositions.BY_SIZE,
                false));
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    return new EncoderModel(
        root,
        new EncoderModel.Parts(
                embeddings::apply,
                VitLayers.stack(weights.child("encoder"), config, norm),
                pooler,
                head,
                null)
            .in(new GridFrame(embeddings::grid, GridFrame.Bias.NONE)));
  }
}
