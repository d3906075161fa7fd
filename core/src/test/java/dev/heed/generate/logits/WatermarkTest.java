package dev.heed.generate.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.generate.config.ConfiguredProcessors;
import dev.heed.generate.config.GenerationConfig;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Beside a Mersenne twister written here from its definition. */
@Tag("unit")
class WatermarkTest {
  private static final int VOCABULARY = 57;

  /** Shuffled by the numbers of MT19937 (Matsumoto and Nishimura 1998), from the front. */
  private static int[] permutation(BigInteger seed, int size) {
    long mask = 0xffffffffL;
    long[] state = new long[624];
    state[0] = seed.and(BigInteger.valueOf(mask)).longValue();
    for (int i = 1; i < 624; i++) {
      state[i] = (1812433253L * (state[i - 1] ^ state[i - 1] >>> 30) + i) & mask;
    }
    int[] all = IntStream.range(0, size).toArray();
    for (int i = 0; i < size - 1; i++) {
      if (i % 624 == 0) {
        for (int k = 0; k < 624; k++) {
          long y = state[k] & 0x80000000L | state[(k + 1) % 624] & 0x7fffffffL;
          state[k] = state[(k + 397) % 624] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0dfL);
        }
      }
      long z = state[i % 624];
      z ^= z >>> 11;
      z ^= z << 7 & 0x9d2c5680L;
      z ^= z << 15 & 0xefc60000L;
      z = (z ^ z >>> 18) & mask;
      int other = i + (int) (z % (size - i));
      int kept = all[i];
      all[i] = all[other];
      all[other] = kept;
    }
    return all;
  }

  private static int[] green(Watermark mark, double[] before, int... tokens) {
    double[] scores = before.clone();
    mark.process(new Prefix(Tokens.of(tokens), tokens.length, 99, 0), scores);
    return IntStream.range(0, scores.length)
        .filter(i -> {
          double gain = scores[i] - before[i];
          assertThat(gain == 0 || Math.abs(gain - mark.bias()) < 1e-12).isTrue();
          return gain != 0;
        })
        .toArray();
  }

  private static double[] scores() {
    return IntStream.range(0, VOCABULARY).mapToDouble(i -> Math.sin(3 * i)).toArray();
  }

  @Test
  void the_last_token_seeds_the_list_of_those_that_gain() {
    Watermark mark = new Watermark(0.25, 2.5, 15_485_863, "lefthash", 1);
    for (int last : new int[] {0, 1, 31, 56}) {
      int[] expected =
          Arrays.stream(
                  permutation(BigInteger.valueOf(15_485_863L * last), VOCABULARY),
                  0,
                  VOCABULARY / 4)
              .sorted()
              .toArray();
      assertThat(green(mark, scores(), 4, 9, last)).isEqualTo(expected);
    }
    assertThat(green(new Watermark(0.5, 1, 7, "lefthash", 4), scores(), 1, 2, 3)).isEmpty();
  }

  @Test
  void a_token_may_seed_its_own_list() {
    // so large a key that products wrap, and seeds fall below zero
    long key = 15_485_863_000_003L;
    Watermark mark = new Watermark(0.4, 1.5, key, "selfhash", 3);
    int[] table = permutation(BigInteger.valueOf(key), 1_000_003);
    int[] tokens = {8, 40, 12};
    double[] scores = scores();
    BigInteger ring = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    int[] expected =
        IntStream.range(0, VOCABULARY)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[b], scores[a]))
            .limit(40)
            .filter(candidate -> {
              long b = table[candidate] + 1L;
              long least =
                  List.of(tokens[1], tokens[2], candidate).stream()
                      .mapToLong(token -> key * (table[token] + 1L) * b)
                      .min()
                      .orElseThrow();
              int[] all = permutation(BigInteger.valueOf(least).mod(ring), VOCABULARY);
              return Arrays.stream(all, 0, (int) (VOCABULARY * 0.4)).anyMatch(t -> t == candidate);
            })
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    assertThat(expected).isNotEmpty();
    assertThat(green(mark, scores, tokens)).isEqualTo(expected);
  }

  @Test
  void a_config_switches_it_on_behind_all_other_rules() {
    GenerationConfig config =
        GenerationConfig.DEFAULTS.with("watermarking_config", Map.of("bias", 3, "hashing_key", 5));
    assertThat(config.rules().watermarkingConfig())
        .isEqualTo(new Watermark(0.25, 3, 5, "lefthash", 1));
    assertThat(ConfiguredProcessors.cuts(config.with("do_sample", true)).processors().getLast())
        .isInstanceOf(Watermark.class);
    assertThat(ConfiguredProcessors.cuts(config).processors()).isEmpty();
    assertThatThrownBy(() -> config.with("watermarking_config", Map.of("ngram_len", 5)))
        .hasMessageContaining("ngram_len");
    assertThatThrownBy(() -> new Watermark(1, 2, 3, "lefthash", 1))
        .hasMessageContaining("greenlist_ratio: expected between 0 and 1");
    assertThatThrownBy(() -> new Watermark(0.5, 2, 3, "righthash", 1))
        .hasMessageContaining("seeding_scheme: expected lefthash or selfhash, got righthash");
  }
}
