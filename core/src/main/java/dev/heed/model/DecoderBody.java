package dev.heed.model;

import dev.heed.model.DecoderModel.Bias;
import dev.heed.model.DecoderModel.Tokens;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A decoder without its head, and what becomes of a language head's scores.
 *
 * @param embed from the tokens of a call to {@code [B, T, H]}
 * @param table the token table {@code [vocabulary, H]}
 * @param stack the layers
 * @param reaches for each layer how far back it sees
 * @param bias how scores are changed
 * @param output of the language head
 * @param routing of a mixture of experts, or null
 * @param recorded the same computing as the reference does where it is wrong, or null
 */
public record DecoderBody(
    Function<Tokens, Tensor> embed,
    Tensor table,
    TransformerStack stack,
    List<Reach> reaches,
    Bias bias,
    Output output,
    @Nullable Routing routing,
    @Nullable Supplier<DecoderBody> recorded) {
  /**
   * How the vocabulary is scored.
   *
   * @param tied whether by the token table
   * @param bias whether a bias is added
   * @param scores a scale or a soft cap of the scores, or {@link Norm#NONE}
   */
  public record Output(boolean tied, boolean bias, Norm scores) {}

  /**
   * The loss that spreads tokens over experts.
   *
   * @param balance how it is computed, or null for none
   * @param usual whether it and the routers' logits are given where the call does not say
   */
  public record Routing(RouterLoss.@Nullable Balance balance, boolean usual) {}

  /**
   * Layers that see all tokens before them.
   *
   * @param tied whether the token table also scores the vocabulary
   */
  public static DecoderBody of(
      Embedding words, List<TransformerLayer> layers, Norm norm, boolean tied) {
    return new DecoderBody(
        tokens -> words.apply(tokens.ids()),
        words.weight(),
        TransformerStack.of(layers, norm),
        Collections.nCopies(layers.size(), Reach.ALL),
        Bias.NONE,
        new Output(tied, false, Norm.NONE),
        null,
        null);
  }

  /** The same whose layers see so many keys, 0 for all before a query. */
  public DecoderBody windows(List<Integer> widths) {
    return reaching(widths.stream().map(Reach::window).toList());
  }

  /** The same whose layers see so far back. */
  public DecoderBody reaching(List<Reach> other) {
    return new DecoderBody(embed, table, stack, other, bias, output, routing, recorded);
  }

  /** The same whose recorded hidden states are the layers' outputs. */
  public DecoderBody recordedAfterLayers() {
    return new DecoderBody(
        embed, table, stack.recordedAfterLayers(), reaches, bias, output, routing, recorded);
  }

  /** The same whose embeddings go through one more step. */
  public DecoderBody embedded(Norm change) {
    return new DecoderBody(
        tokens -> change.apply(embed.apply(tokens)),
        table,
        stack,
        reaches,
        bias,
        output,
        routing,
        recorded);
  }

  /** The same whose embeddings are dropped at random while training. */
  public DecoderBody embeddedDropping(double probability) {
    Dropout dropout = new Dropout(probability);
    return new DecoderBody(
        tokens -> dropout.apply(embed.apply(tokens), tokens.run().trace()),
        table,
        stack,
        reaches,
        bias,
        output,
        routing,
        recorded);
  }

  /** The same whose scores of the vocabulary go through one more step. */
  public DecoderBody scored(Norm change) {
    return new DecoderBody(
        embed,
        table,
        stack,
        reaches,
        bias,
        new Output(output.tied(), output.bias(), change),
        routing,
        recorded);
  }

  /** The same with a bias of the vocabulary's scores. */
  public DecoderBody scoredWithBias() {
    return new DecoderBody(
        embed,
        table,
        stack,
        reaches,
        bias,
        new Output(output.tied(), true, output.scores()),
        routing,
        recorded);
  }

  /** The same as a mixture of experts. */
  public DecoderBody routed(Routing other) {
    return new DecoderBody(embed, table, stack, reaches, bias, output, other, recorded);
  }

  /** The same with other embeddings. */
  public DecoderBody embedding(Function<Tokens, Tensor> other) {
    return new DecoderBody(other, table, stack, reaches, bias, output, routing, recorded);
  }

  /** The same with changed scores. */
  public DecoderBody biased(Bias other) {
    return new DecoderBody(embed, table, stack, reaches, other, output, routing, recorded);
  }

  /** What accompanies the tokens in each layer besides the states. */
  @FunctionalInterface
  public interface Companions {
    /**
     * Makes them.
     *
     * @param ids i64 {@code [B, T]}
     * @param embedded {@code [B, T, H]}
     * @return {@code [B, T, layers, size]}
     */
    Tensor of(Tensor ids, Tensor embedded);
  }

  /** The same whose layers have inputs of their own. */
  public DecoderBody accompanied(Companions companions) {
    return new DecoderBody(
        tokens -> {
          Tensor embedded = embed.apply(tokens);
          tokens.run().accompany(companions.of(tokens.ids(), embedded));
          return embedded;
        },
        table,
        stack,
        reaches,
        bias,
        output,
        routing,
        recorded);
  }

  /** The same that has another in its place for comparing with what a reference recorded. */
  public DecoderBody recordedAs(Supplier<DecoderBody> other) {
    return new DecoderBody(embed, table, stack, reaches, bias, output, routing, other);
  }
}
