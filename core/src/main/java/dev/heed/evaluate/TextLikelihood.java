package dev.heed.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How probable a language model finds texts, comparable between tokenizers where it is by byte.
 *
 * @param negativeLog the sum of {@code -ln p} over the tokens
 * @param tokens how many were predicted
 * @param bytes of the texts in UTF-8
 * @param characters Unicode code points
 * @param words what white space separates
 */
public record TextLikelihood(
    double negativeLog, long tokens, long bytes, long characters, long words) {

  /**
   * One text.
   *
   * @param logProbabilities {@code ln p} of each token that was predicted, none above 0
   * @throws IllegalArgumentException if one is above 0 or not a number
   */
  public static TextLikelihood of(String text, double[] logProbabilities) {
    double sum = 0;
    for (double log : logProbabilities) {
      if (!(log <= 0)) {
        throw new IllegalArgumentException(
            "log-probability: expected at most 0, got " + log + "; give natural logarithms");
      }
      sum -= log;
    }
    return new TextLikelihood(
        sum,
        logProbabilities.length,
        text.getBytes(StandardCharsets.UTF_8).length,
        text.codePointCount(0, text.length()),
        WhiteSpace.split(text).size());
  }

  /** Both together, as for a corpus. */
  public TextLikelihood plus(TextLikelihood other) {
    return new TextLikelihood(
        negativeLog + other.negativeLog,
        tokens + other.tokens,
        bytes + other.bytes,
        characters + other.characters,
        words + other.words);
  }

  /** {@code exp} of the mean over tokens; not a number without any. */
  public double perplexity() {
    return Math.exp(negativeLog / tokens);
  }

  /** {@code exp} of the mean over words. */
  public double wordPerplexity() {
    return Math.exp(negativeLog / words);
  }

  /** Bits for each token. */
  public double bitsPerToken() {
    return bits() / tokens;
  }

  /** Bits for each byte of UTF-8. */
  public double bitsPerByte() {
    return bits() / bytes;
  }

  /** Bits for each Unicode code point. */
  public double bitsPerCharacter() {
    return bits() / characters;
  }

  private double bits() {
    return negativeLog / Math.log(2);
  }

  /**
   * The measures {@code perplexity}, {@code word_perplexity}, {@code bits_per_token}, {@code
   * bits_per_byte} and {@code bits_per_character}.
   */
  public static CorpusMeasure measure(List<TextLikelihood> texts) {
    List<double[]> statistics = new ArrayList<>();
    for (TextLikelihood text : texts) {
      statistics.add(
          new double[] {text.negativeLog, text.tokens, text.bytes, text.characters, text.words});
    }
    return new PooledMeasure(
        statistics,
        counts ->
            new TextLikelihood(
                    counts[0],
                    Math.round(counts[1]),
                    Math.round(counts[2]),
                    Math.round(counts[3]),
                    Math.round(counts[4]))
                .values());
  }

  private SequencedMap<String, Double> values() {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("perplexity", perplexity());
    values.put("word_perplexity", wordPerplexity());
    values.put("bits_per_token", bitsPerToken());
    values.put("bits_per_byte", bitsPerByte());
    values.put("bits_per_character", bitsPerCharacter());
    return values;
  }
}
