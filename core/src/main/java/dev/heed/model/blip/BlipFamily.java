package dev.heed.model.blip;

import dev.heed.attention.AttentionRequest;
import dev.heed.model.Masks;
import dev.heed.model.Memory;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.ModelKind;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.SealedModel;
import dev.heed.model.bert.BertFamily;
import dev.heed.model.clip.PairModel;
import dev.heed.model.clip.PairModel.Reading;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** BLIP checkpoints. */
public final class BlipFamily implements ModelFamily {
  private static final int SHARED = 256;
  private static final int PROJECTION = 512;

  @Override
  public Set<String> modelTypes() {
    return Set.of("blip", "blip_vision_model");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("BlipForConditionalGeneration", BlipFamily::captions);
    builders.put("BlipForQuestionAnswering", BlipFamily::answers);
    builders.put("BlipForImageTextRetrieval", BlipFamily::matches);
    builders.put("BlipModel", BlipFamily::pairs);
    builders.put("BlipVisionModel", BlipFamily::images);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of(
        // What training starts from.
        "logit_scale_init_value",
        // The text's own counts.
        "label_smoothing");
  }

  /** Files of one architecture lack what the bare model of pairs has. */
  @Override
  public @Nullable String bare(String architecture) {
    return architecture.endsWith("Model") ? architecture : null;
  }

  /** The parts of a config, and what they say. */
  private record Parts(ModelConfig text, BlipTextConfig config, BlipVision vision) {
    /**
     * Reads both.
     *
     * @param names what the vision tower's series begin with
     */
    static Parts of(Weights weights, ModelConfig keys, String names) {
      ModelConfig text = keys.part("text_config");
      ModelConfig image = keys.part("vision_config");
      keys.known("projection_dim", "image_text_hidden_size");
      if (!keys.flag("tie_word_embeddings", true)) {
        throw keys.unsupported(
            "tie_word_embeddings", "true", keys.json().get("tie_word_embeddings"));
      }
      BlipTextConfig config = text.read(BlipTextConfig.class);
      // Cross-attention reads the image's size, whatever is said here; nothing projects.
      text.known("encoder_hidden_size", "projection_dim", "sep_token_id", "use_cache");
      BlipVision vision = new BlipVision(weights.child("vision_model"), image, names);
      text.requireAllKnown(Set.of());
      image.requireAllKnown(Set.of());
      return new Parts(text, config, vision);
    }

    BlipText text(Weights weights, String names) {
      return new BlipText(weights, config.bert(), vision.size(), names);
    }

    /** Gives what the image became; returns its states. */
    Tensor see(Run run) {
      Tensor states = vision.apply(run).states();
      run.put("last_hidden_state", states);
      return states;
    }

    LanguageHead words(Weights head, BlipText decoder) {
      return BertFamily.words(head, config.bert(), config.hiddenSize(), decoder.table(), text);
    }
  }

  private static Model captions(Weights weights, ModelConfig keys) {
    Parts parts = Parts.of(weights, keys, "");
    BlipText decoder = parts.text(weights.child("text_decoder.bert"), "text_");
    return new BlipWriter(
        weights,
        new BlipWriter.Plan(
            run -> {
              Tensor states = parts.see(run);
              run.put("image_embeds", states);
              return new Memory(states, null);
            },
            ModelKind.DECODER,
            ""),
        decoder,
        parts.words(weights.child("text_decoder.cls.predictions"), decoder),
        parts.config());
  }

  /** The question reads the image, and the answer the question. */
  private static Model answers(Weights weights, ModelConfig keys) {
    Parts parts = Parts.of(weights, keys, "");
    BlipText encoder = parts.text(weights.child("text_encoder"), "question_");
    BlipText decoder = parts.text(weights.child("text_decoder.bert"), "text_");
    return new BlipWriter(
        weights,
        new BlipWriter.Plan(
            run -> {
              Tensor states = parts.see(run);
              run.put("image_embeds", states);
              Tensor question = read(run, encoder, new Memory(states, null));
              return new Memory(question, run.input().truth("attention_mask"));
            },
            ModelKind.ENCODER_DECODER,
            "decoder_"),
        decoder,
        parts.words(weights.child("text_decoder.cls.predictions"), decoder),
        parts.config());
  }

  /** A whole text, whose tokens all see each other, beside an image or alone. */
  private static Tensor read(Run run, BlipText encoder, @Nullable Memory memory) {
    Tensor ids = run.input().require("input_ids");
    Tensor given = run.input().get("position_ids");
    Tensor places = given == null ? Tensor.arange(ids.size(1), DType.I64) : given;
    AttentionRequest self = run.request(Masks.present(run.input())).withState(null);
    return encoder.apply(run, ids, places, self, memory);
  }

  /**
   * Whether a text fits an image: by a head on the text that read the image, {@code itm_score [B,
   * 2]}, or, with {@code use_itm_head} false, by the cosines of all pairs {@code [images, texts]}.
   */
  private static Model matches(Weights weights, ModelConfig keys) {
    Parts parts = Parts.of(weights, keys, "");
    BlipText encoder = parts.text(weights.child("text_encoder"), "text_");
    int shared = keys.integer("image_text_hidden_size", SHARED);
    long size = parts.config().hiddenSize();
    Linear image = Linear.of(weights.child("vision_proj"), parts.vision().size(), shared);
    Linear text = Linear.of(weights.child("text_proj"), size, shared);
    Linear head = Linear.of(weights.child("itm_head"), size, 2);
    return new SealedModel(
        weights,
        run -> {
          Tensor states = parts.see(run);
          boolean joint = run.input().flag("use_itm_head", true);
          Tensor question = read(run, encoder, joint ? new Memory(states, null) : null);
          run.put("question_embeds", question);
          Tensor first = question.select(1, 0);
          run.put(
              "itm_score",
              joint
                  ? head.apply(first)
                  : unit(image.apply(states.select(1, 0)))
                      .matmul(unit(text.apply(first)).transpose(0, 1)));
        },
        encoder.table());
  }

  private static Tensor unit(Tensor vectors) {
    return vectors.div(vectors.norm(-1, true));
  }

  private static Model pairs(Weights weights, ModelConfig keys) {
    Parts parts = Parts.of(weights, keys, "vision_model_output.");
    Weights own = weights.child("text_model");
    BlipText texts = parts.text(own, "text_model_output.");
    long size = parts.config().hiddenSize();
    Linear pooler = Linear.of(own.child("pooler.dense"), size, size);
    int projection = keys.integer("projection_dim", PROJECTION);
    Linear text = Linear.of(weights.child("text_projection"), size, projection, false);
    Linear image =
        Linear.of(weights.child("visual_projection"), parts.vision().size(), projection, false);
    Tensor scale =
        weights.parameter(
            "logit_scale",
            (shape, type, random) -> Tensor.ones(shape, type).mul(Math.log(1 / 0.07)));
    return new PairModel(
        weights,
        run -> {
          Tensor states = read(run, texts, null);
          return new Reading(states, pooler.apply(states.select(1, 0)).tanh());
        },
        parts.vision()::apply,
        texts.table(),
        new PairModel.Meeting(
            text::apply,
            image::apply,
            (t, i) -> t.matmul(i.transpose(0, 1)).mul(scale.exp()),
            PairModel::contrast));
  }

  private static Model images(Weights weights, ModelConfig keys) {
    BlipVision vision = new BlipVision(weights, keys, "");
    return new SealedModel(
        weights,
        run -> {
          Reading seen = vision.apply(run);
          run.put("last_hidden_state", seen.states());
          run.put("pooler_output", seen.requirePooled());
        },
        null);
  }
}
