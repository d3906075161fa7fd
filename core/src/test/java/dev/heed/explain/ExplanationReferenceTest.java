package dev.heed.explain;

import dev.heed.explain.EncoderDecoderRelevance.Untouched;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.model.vit.PatchClassifier;
import dev.heed.model.vit.PatchClassifierConfig;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import java.util.List;

class ExplanationReferenceTest extends MechanismReference {
  private static final double EPSILON = 1e-5;

  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("attention_rollout", ExplanationReferenceTest::rollout),
        ReferenceCase.of("attention_flow", ExplanationReferenceTest::flow),
        ReferenceCase.of("relevance_self_attention", ExplanationReferenceTest::selfAttention),
        ReferenceCase.of("relevance_cross_attention", ExplanationReferenceTest::crossAttention),
        ReferenceCase.of("relevance_vit", ExplanationReferenceTest::vit));
  }

  private static Results rollout(Recording ref) {
    return new Results()
        .output("rollout", AttentionRollout.of(ref.input("attentions")))
        .output("rollout_no_residual", AttentionRollout.withoutResidual(ref.input("attentions")));
  }

  private static Results flow(Recording ref) {
    AttentionFlow flow = AttentionFlow.of(ref.input("attentions"));
    return new Results().output("flow", flow.shares()).output("flow_raw", flow.flow());
  }

  private static AttentionGradients attention(Recording ref, String weights, String gradients) {
    return new AttentionGradients(ref.input(weights), ref.input(gradients));
  }

  private static Results selfAttention(Recording ref) {
    AttentionGradients attention = attention(ref, "attentions", "gradients");
    Tensor relevance = GradientRelevance.of(attention);
    return new Results()
        .output("relevance", relevance.select(0, -1))
        .output("relevance_per_layer", relevance)
        .output("rollout_variant", GradientRelevance.rolledOut(attention).select(0, -1))
        .extra("cam", attention.relevance());
  }

  private static Results crossAttention(Recording ref) {
    EncoderDecoderRelevance relevance =
        EncoderDecoderRelevance.of(
            attention(ref, "enc_attention", "enc_gradient"),
            attention(ref, "dec_self_attention", "dec_self_gradient"),
            attention(ref, "dec_cross_attention", "dec_cross_gradient"),
            Untouched.DROPS_UPDATE);
    return new Results()
        .output("R_ii", relevance.source())
        .output("R_qq", relevance.target())
        .output("R_qi", relevance.targetBySource());
  }

  private static Results vit(Recording ref) {
    PatchClassifierConfig config =
        new PatchClassifierConfig(
            ref.integer("image"),
            ref.integer("patch"),
            ref.integer("channels"),
            ref.integer("dim"),
            ref.integer("depth"),
            ref.integer("heads"),
            Math.toIntExact(ref.sizes("param.blocks.0.mlp.fc1.bias")[0]),
            ref.integer("classes"),
            EPSILON);
    PatchClassifier model = new PatchClassifier(ref.weights(), config);
    Tensor images = ref.input("x");
    AttentionGradients attention =
        AttentionGradients.of(
            model.patterns(),
            trace -> model.apply(images, trace).select(0, 0).select(0, ref.integer("target")));
    Tensor relevance = GradientRelevance.of(attention).select(0, -1).select(0, 0);
    Results results =
        new Results()
            .output("logits", model.apply(images, Trace.NONE))
            .extra("relevance", relevance)
            .extra("relevance_patches", relevance.select(0, 0).narrow(0, 1, config.patches()));
    for (int layer = 0; layer < config.depth(); layer++) {
      results.extra("attn." + layer, attention.weights().select(0, layer));
      results.extra("attn_grad." + layer, attention.gradients().select(0, layer));
    }
    return results;
  }
}
