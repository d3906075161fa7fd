package dev.heed.model.reformer;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.model.head.SpanHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** Reformer checkpoints. */
public final class ReformerFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("reformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("ReformerModel", (root, keys) -> new Reformer(root, config(keys), Head.NONE));
    builders.put("ReformerModelWithLMHead", (root, keys) -> words(root, keys, Target.NEXT));
    builders.put("ReformerForMaskedLM", (root, keys) -> words(root, keys, Target.OWN));
    builders.put("ReformerForSequenceClassification", ReformerFamily::sequences);
    builders.put(
        "ReformerForQuestionAnswering",
        (root, keys) -> {
          ReformerConfig config = config(keys);
          return new Reformer(root, config, SpanHead.of(root, 2L * config.hiddenSize(), 0));
        });
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("reformer", "lm_head", "classifier", "qa_outputs");
  }

  @Override
  public Set<String> ignoredKeys() {
    // How weights begin and how work is cut; the layers are counted by attn_layers.
    return Set.of(
        "axial_norm_std", "chunk_size_lm_head", "num_hidden_layers", "sinusoidal_pos_embds");
  }

  private static ReformerConfig config(ModelConfig keys) {
    return keys.read(ReformerConfig.class);
  }

  private static Model words(Weights root, ModelConfig keys, Target target) {
    ReformerConfig config = config(keys);
    boolean next = target == Target.NEXT;
    if (config.isDecoder() != next) {
      throw keys.unsupported(
          "is_decoder", next + " with this architecture", keys.json().get("is_decoder"));
    }
    Weights head = root.child("lm_head");
    Linear decoder =
        Linear.of(head.child("decoder"), 2L * config.hiddenSize(), config.vocabSize(), false);
    Tensor bias = head.parameter("bias", Initializer.ZEROS, config.vocabSize());
    head.requireTied("decoder.bias", bias);
    return new Reformer(
        root, config, new LanguageHead(Norm.NONE, decoder, scores -> scores.add(bias), target));
  }

  private static Model sequences(Weights root, ModelConfig keys) {
    ReformerConfig config = config(keys);
    int size = config.hiddenSize();
    Weights head = root.child("classifier");
    Linear dense = Linear.of(head.child("dense"), 2L * size, size);
    Linear out = Linear.of(head.child("out_proj"), size, keys.labels().size());
    Double given = config.classifierDropout();
    Dropout dropout = new Dropout(given == null ? config.hiddenDropoutProb() : given);
    return new Reformer(
        root,
        config,
        new ClassifierHead(
            (run, first) -> {
              Tensor inner = dense.apply(dropout.apply(first, run.trace()), Activation.TANH);
              return out.apply(dropout.apply(inner, run.trace()));
            },
            ClassifierHead.Problem.of(keys)));
  }
}
