package dev.heed.train.optim;

import java.util.List;

/**
 * AdamW as BERT's authors and Hugging Face's transformers wrote it: ε is added to the uncorrected
 * root, and the decay follows the step: {@code p ← p - η' · m / (√v + ε)}, then {@code p ← p - ηλp}
 * with the new p.
 *
 * @param moments β₁, β₂ and ε
 * @param weightDecay λ
 * @param correctBias whether {@code η' = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)}; BERT's own code has {@code η' =
 *     η}
 */
public record BertAdam(Moments moments, double weightDecay, boolean correctBias)
    implements ElementwiseRule {
  /** Checks the range. */
  public BertAdam {
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return Moments.SLOTS;
  }

  @Override
  public BlockUpdate at(Step step) {
    double first = step.momentumOr(moments.beta1());
    double correction = Math.sqrt(step.correction(moments.beta2())) / step.correction(first);
    double rate = step.rate() * (correctBias ? correction : 1);
    double epsilon = moments.epsilon();
    return block -> {
      moments.advance(block, first);
      double[] p = block.values();
      double[] m = block.slot(0);
      double[] v = block.slot(1);
      for (int i = 0; i < block.length(); i++) {
        p[i] -= rate * m[i] / (Math.sqrt(v[i]) + epsilon);
      }
      Moments.shrink(block, 1 - step.rate() * weightDecay);
    };
  }

  @Override
  public BertAdam withWeightDecay(double decay) {
    return new BertAdam(moments, decay, correctBias);
  }
}
