package dev.heed.model.wav2vec2;

import java.util.HashSet;
import java.util.Set;

/** Keys of configs of sounds' encoders that cannot change numbers. */
public final class SpeechKeys {
  /** Of training alone, of heads that the model does not have, or of none that Heed has. */
  private static final Set<String> IGNORED =
      Set.of(
          "activation_dropout_prob",
          "add_adapter",
          "apply_spec_augment",
          "attention_probs_dropout_prob",
          "classifier_proj_size",
          "codevector_dim",
          "contrastive_logits_temperature",
          "ctc_loss_reduction",
          "ctc_zero_infinity",
          "diversity_loss_weight",
          "feat_extract_dropout",
          "feat_quantizer_dropout",
          "final_dropout",
          "freeze_feat_extract_train",
          "gradient_checkpointing",
          "hidden_dropout_prob",
          "layerdrop",
          "mask_channel_length",
          "mask_channel_min_space",
          "mask_channel_other",
          "mask_channel_prob",
          "mask_channel_selection",
          "mask_feature_length",
          "mask_feature_min_masks",
          "mask_feature_prob",
          "mask_time_length",
          "mask_time_min_masks",
          "mask_time_min_space",
          "mask_time_other",
          "mask_time_prob",
          "mask_time_selection",
          "no_mask_channel_overlap",
          "no_mask_time_overlap",
          "num_codevector_groups",
          "num_codevectors_per_group",
          "num_ctc_classes",
          "num_feat_extract_layers",
          "num_negatives",
          "pad_token_id",
          "proj_codevector_dim",
          "replace_prob",
          "tdnn_dilation",
          "tdnn_dim",
          "tdnn_kernel",
          "use_weighted_layer_sum",
          "vocab_size",
          "xvector_output_dim");

  private SpeechKeys() {}

  /** Those of all, and a family's own. */
  public static Set<String> ignored(String... own) {
    Set<String> keys = new HashSet<>(IGNORED);
    keys.addAll(Set.of(own));
    return Set.copyOf(keys);
  }
}
