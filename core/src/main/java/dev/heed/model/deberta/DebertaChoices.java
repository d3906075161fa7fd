package dev.heed.model.deberta;

import dev.heed.attention.position.DistanceBuckets;
import dev.heed.model.bert.BertConfig;
import dev.heed.nn.Activation;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the configs of all versions of DeBERTa say. */
sealed interface DebertaChoices permits DebertaConfig, DebertaV2Config {
  /** The sizes in BERT's terms. */
  BertConfig bert();

  /** Size of the vectors of words, or null for H. */
  @Nullable Integer embeddingSize();

  /** The longest text, and the longest distance where nothing else is said. */
  int maxPositionEmbeddings();

  /** Whether words meet distances. */
  boolean relativeAttention();

  /** The longest distance that has a row of its own, or less than 1. */
  int maxRelativePositions();

  /** Whether positions are added to the embeddings. */
  boolean positionBiasedInput();

  /** Which terms scores have besides words that meet words. */
  @Nullable JsonNode posAttType();

  /** Before the pooler. */
  double poolerDropout();

  /** After the pooler. */
  String poolerHiddenAct();

  /** Whether masked words are guessed by a map of their own. */
  boolean legacy();

  /** The size of a head. */
  default int headSize() {
    return bert().headSize();
  }

  /** Size of the vectors of words. */
  default int wordSize() {
    Integer given = embeddingSize();
    return given == null ? bert().hiddenSize() : given;
  }

  /** The longest distance that has a row of its own. */
  default int farthest() {
    return maxRelativePositions() < 1 ? maxPositionEmbeddings() : maxRelativePositions();
  }

  /** Which row stands for a distance. */
  default DistanceBuckets distances() {
    return DistanceBuckets.plain(farthest());
  }

  /**
   * The terms besides words that meet words: {@code c2p}, words that meet distances, and {@code
   * p2c}, distances that meet words.
   *
   * @throws IllegalArgumentException for others
   */
  default Set<String> terms() {
    JsonNode value = posAttType();
    Set<String> terms = new TreeSet<>();
    if (value != null && value.isString()) {
      for (String term : value.stringValue().split("\\|", -1)) {
        terms.add(term.strip().toLowerCase(Locale.ROOT));
      }
      terms.remove("");
    } else if (value != null) {
      value.forEach(term -> terms.add(term.asString("").toLowerCase(Locale.ROOT)));
    }
    if (!Set.of("c2p", "p2c").containsAll(terms)) {
      throw new IllegalArgumentException("pos_att_type: expected c2p and p2c, got " + value);
    }
    return terms;
  }

  /** What scores are scaled by: {@code 1 / √(D · (1 + terms))}. */
  default double scale() {
    return 1 / Math.sqrt(headSize() * (1.0 + terms().size()));
  }

  /** Refuses a pooler that does not fit the states. */
  static void requirePooler(@Nullable Integer size, int hidden, String activation) {
    Activation.named(activation);
    if (size != null && size != hidden) {
      throw new IllegalArgumentException(
          "pooler_hidden_size: expected hidden_size, " + hidden + ", got " + size);
    }
  }
}
