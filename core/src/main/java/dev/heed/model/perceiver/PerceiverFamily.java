package dev.heed.model.perceiver;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.perceiver.Perceiver.Decoding;
import dev.heed.model.perceiver.Perceiver.Parts;
import dev.heed.model.perceiver.PerceiverConfig.Reading;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Perceiver checkpoints that read texts, as bytes: {@code inputs} or {@code input_ids} i64 {@code
 * [B, T]}; the bare model reads vectors, {@code inputs [B, T, d_model]}.
 */
public final class PerceiverFamily implements ModelFamily {
  /** The output's queries and keys of the masked-word model, whatever the config says. */
  private static final int WORD_CHANNELS = 8 * 32;

  private static final int WORD_HEADS = 8;

  @Override
  public Set<String> modelTypes() {
    return Set.of("perceiver");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("PerceiverModel", PerceiverFamily::model);
    builders.put("PerceiverForMaskedLM", PerceiverFamily::maskedWords);
    builders.put("PerceiverForSequenceClassification", PerceiverFamily::sequences);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("perceiver", "embedding_decoder");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of models for images, sounds and optical flow; norms have PyTorch's epsilon whatever the key
    // says; the words of the output are always the input's.
    return Set.of(
        "_label_trainable_num_channels",
        "audio_samples_per_frame",
        "image_size",
        "layer_norm_eps",
        "num_frames",
        "output_num_channels",
        "output_shape",
        "samples_per_patch",
        "tie_word_embeddings",
        "train_size");
  }

  private static Model model(Weights root, ModelConfig keys) {
    PerceiverConfig config = keys.read(PerceiverConfig.class);
    return new Perceiver(
        root,
        Perceiver.encoder(
            root.child("perceiver"), config, run -> run.input().require("inputs"), null));
  }

  private static Parts text(Weights weights, PerceiverConfig config) {
    Weights tables = weights.child("input_preprocessor");
    int size = config.dModel();
    int longest = config.maxPositionEmbeddings();
    Embedding words = new Embedding(tables.child("embeddings"), config.vocabSize(), size, -1);
    Embedding places = new Embedding(tables.child("position_embeddings"), longest, size, -1);
    return Perceiver.encoder(
        weights,
        config,
        run -> {
          Tensor ids = ids(run);
          if (ids.size(1) > longest) {
            throw new ShapeException(
                "text: expected at most "
                    + longest
                    + " tokens, got "
                    + ids.size(1)
                    + "; cut it first");
          }
          return words.apply(ids).add(places.apply(Tensor.arange(ids.size(1), DType.I64)));
        },
        words.weight());
  }

  private static Tensor ids(Run run) {
    Tensor ids = run.input().get("input_ids");
    return ids == null ? run.input().require("inputs") : ids;
  }

  private static Model maskedWords(Weights root, ModelConfig keys) {
    PerceiverConfig config = keys.read(PerceiverConfig.class);
    Weights weights = root.child("perceiver");
    Parts text = text(weights, config);
    int size = config.dModel();
    Weights decoder = weights.child("decoder");
    Reading sizes = new Reading(size, config.dLatents(), WORD_CHANNELS, size, WORD_HEADS, 1, false);
    Decoding decoding =
        new Decoding(
            queries(decoder, config.maxPositionEmbeddings(), size),
            new CrossRead(decoder.child("decoding_cross_attention"), sizes, config));
    Tensor table = Objects.requireNonNull(text.table());
    Weights words = root.child("embedding_decoder");
    Tensor bias = words.parameter("bias", Initializer.ZEROS, config.vocabSize());
    return new Perceiver(
        root, text.with(decoding, LanguageHead.own(Norm.NONE, Linear.tied(words, table, bias))));
  }

  private static Model sequences(Weights root, ModelConfig keys) {
    PerceiverConfig config = keys.read(PerceiverConfig.class);
    Weights weights = root.child("perceiver");
    int size = config.dLatents();
    Weights decoder = weights.child("decoder.decoder");
    Reading sizes = new Reading(size, size, config.channels(null, size, size), null, 1, 1, true);
    Decoding decoding =
        new Decoding(
            queries(decoder, 1, size),
            new CrossRead(decoder.child("decoding_cross_attention"), sizes, config));
    Linear labels = Linear.of(decoder.child("final_layer"), size, keys.labels().size());
    ClassifierHead head =
        new ClassifierHead((run, first) -> labels.apply(first), ClassifierHead.Problem.of(keys));
    return new Perceiver(root, text(weights, config).with(decoding, head));
  }

  private static Tensor queries(Weights decoder, int count, int size) {
    return decoder
        .child("output_position_encodings")
        .parameter("position_embeddings", Initializer.normal(0.02), count, size);
  }
}
