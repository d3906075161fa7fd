package dev.heed.model.head;

import dev.heed.model.Run;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.FusedCrossEntropy;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Scores of every token of the vocabulary: {@code after(decoder(before(hidden)))}.
 *
 * @param before a transformation of the states, or {@link Norm#NONE}
 * @param decoder {@code [vocabulary, H]}, often tied to the token table
 * @param after a scale or a soft cap of the scores, or {@link Norm#NONE}
 * @param target whose word each position predicts
 */
public record LanguageHead(Norm before, Linear decoder, Norm after, Target target) implements Head {
  /** The choice of a call to score what follows its last token alone, all that decoding needs. */
  public static final String LAST_ONLY = "last_logits_only";

  /** Whose word a position predicts. */
  public enum Target {
    /** Its own, which a mask may hide (Devlin et al. 2019). */
    OWN,
    /** The one after it (Radford et al. 2018). */
    NEXT
  }

  /** The next word's scores as they are. */
  public static LanguageHead next(Linear decoder) {
    return new LanguageHead(Norm.NONE, decoder, Norm.NONE, Target.NEXT);
  }

  /** Each position's own word, after a transformation of the states. */
  public static LanguageHead own(Norm transform, Linear decoder) {
    return new LanguageHead(transform, decoder, Norm.NONE, Target.OWN);
  }

  /**
   * BERT's scores of words: {@code table · x + bias}, or {@code decoder.weight · x + bias} where
   * the words are not tied. A file may hold both a second time as {@code decoder.weight} and {@code
   * decoder.bias}.
   *
   * @param head the path of {@code bias} and {@code decoder}
   * @param table {@code [vocabulary, E]}
   */
  public static Linear decoder(Weights head, Tensor table, boolean tied) {
    Weights own = head.child("decoder");
    long words = table.size(0);
    Tensor bias = head.parameter("bias", Initializer.ZEROS, words);
    head.requireTied("decoder.bias", bias);
    if (!tied) {
      Tensor weight = own.parameter("weight", Initializer.normal(0.02), words, table.size(1));
      return Linear.tied(own, weight, bias);
    }
    head.requireTied("decoder.weight", table);
    return Linear.tied(own, table, bias);
  }

  /**
   * Scores of words by a linear map of its own path, whose weight may be the token table: {@code
   * weight}, and {@code bias} if it has one.
   *
   * @param output the path of {@code weight} and {@code bias}
   * @param table {@code [vocabulary, E]}
   */
  public static Linear output(Weights output, Tensor table, boolean tied, boolean withBias) {
    long words = table.size(0);
    if (!tied) {
      return Linear.of(output, table.size(1), words, withBias);
    }
    output.requireTied("weight", table);
    Tensor bias = withBias ? output.parameter("bias", Initializer.ZEROS, words) : null;
    return Linear.tied(output, table, bias);
  }

  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    boolean last = run.input().flag(LAST_ONLY, false);
    Tensor labels = run.input().get("labels");
    if (labels != null && !last && !run.wanted().scores()) {
      run.put("loss", lossAlone(hidden, labels));
      return;
    }
    Tensor logits = logits(last ? hidden.narrow(1, hidden.size(1) - 1, 1) : hidden);
    run.put("logits", logits);
    if (labels != null) {
      run.put("loss", loss(logits, labels));
    }
  }

  /** Scores {@code [B, T, vocabulary]} of states {@code [B, T, H]}. */
  public Tensor logits(Tensor hidden) {
    return after.apply(decoder.apply(before.apply(hidden)));
  }

  /** The loss without scores of positions whose labels do not count, nor of all others at once. */
  private Tensor lossAlone(Tensor hidden, Tensor labels) {
    boolean next = target == Target.NEXT;
    long time = hidden.size(1) - (next ? 1 : 0);
    Tensor targets = labels.narrow(1, next ? 1 : 0, time).flatten(0, 1);
    Tensor places = targets.ne(CrossEntropy.IGNORED).nonzero().squeeze(-1);
    Tensor told = targets.indexSelect(0, places);
    Tensor x = before.apply(hidden.narrow(1, 0, time).flatten(0, 1).indexSelect(0, places));
    Tensor weight = decoder.weight();
    return after.equals(Norm.NONE)
            && decoder.adaptation() == null
            && FusedCrossEntropy.fits(x, weight)
        ? FusedCrossEntropy.apply(x, weight, decoder.bias(), told)
        : Loss.crossEntropy(after.apply(decoder.apply(x)), told);
  }

  /** The mean cross entropy over the labels i64 {@code [B, T]} that are not -100. */
  public Tensor loss(Tensor logits, Tensor labels) {
    if (target == Target.OWN) {
      return Loss.crossEntropy(logits.flatten(0, 1), labels.flatten(0, 1));
    }
    long time = logits.size(1);
    return Loss.crossEntropy(
        logits.narrow(1, 0, time - 1).flatten(0, 1), labels.narrow(1, 1, time - 1).flatten(0, 1));
  }
}
