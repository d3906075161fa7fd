package dev.heed.attention.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class MaskAlgebraTest {
  private static final int BATCHES = 2;
  private static final int HEADS = 3;
  private static final int QUERIES = 7;
  private static final int KEYS = 11;

  static Map<String, AttentionMask> masks() {
    try (TensorScope scope = TensorScope.open()) {
      Random random = new Random(41);
      boolean[] pairs = new boolean[BATCHES * HEADS * QUERIES * KEYS];
      boolean[] tokens = new boolean[BATCHES * KEYS];
      long[] documents = new long[KEYS];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = random.nextBoolean();
      }
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = random.nextInt(3) > 0;
      }
      for (int i = 0; i < documents.length; i++) {
        documents[i] = i / 4;
      }
      Map<String, AttentionMask> masks = new LinkedHashMap<>();
      masks.put("full", AttentionMask.full());
      masks.put("causal", AttentionMask.causal());
      masks.put("sliding window", AttentionMask.slidingWindow(3));
      masks.put("window", AttentionMask.window(2, 1));
      masks.put("dilated", AttentionMask.dilatedWindow(2, 1, 3));
      masks.put("chunks", AttentionMask.chunks(3, java.util.List.of(2)));
      masks.put("prefix", AttentionMask.prefix(5));
      masks.put("padding", AttentionMask.padding(Tensor.of(tokens, BATCHES, KEYS)));
      masks.put("lengths", AttentionMask.lengths(0, 9));
      masks.put("global", AttentionMask.globalTokens(Tensor.of(tokens, BATCHES, KEYS)));
      masks.put("documents", AttentionMask.documents(Tensor.of(documents, 1, KEYS)));
      masks.put("dense", AttentionMask.dense(Tensor.of(pairs, BATCHES, HEADS, QUERIES, KEYS)));
      masks.put("lambda", (batch, head, query, key) -> (query + 2 * key + head) % 3 == batch);
      return masks;
    }
  }

  static Stream<AttentionMask> each() {
    return masks().values().stream();
  }

  @ParameterizedTest
  @MethodSource("each")
  void a_block_holds_what_is_said_of_it(AttentionMask mask) {
    for (AttentionMask tested :
        new AttentionMask[] {
          mask,
          mask.not(),
          mask.and(AttentionMask.causal()),
          mask.or(AttentionMask.slidingWindow(2))
        }) {
      Random random = new Random(43);
      for (int round = 0; round < 400; round++) {
        int from = random.nextInt(QUERIES);
        int to = from + 1 + random.nextInt(QUERIES - from);
        int keyFrom = random.nextInt(KEYS);
        int keyTo = keyFrom + 1 + random.nextInt(KEYS - keyFrom);
        assertBlock(
            tested, random.nextInt(BATCHES), random.nextInt(HEADS), from, to, keyFrom, keyTo);
      }
    }
  }

  private static void assertBlock(
      AttentionMask mask, int batch, int head, int from, int to, int keyFrom, int keyTo) {
    int shift = KEYS - QUERIES;
    BlockKind kind = mask.classify(batch, head, from + shift, to + shift, keyFrom, keyTo);
    for (int query = from + shift; query < to + shift; query++) {
      for (int key = keyFrom; key < keyTo; key++) {
        boolean allowed = mask.allows(batch, head, query, key);
        assertThat(kind == BlockKind.PARTIAL || allowed == (kind == BlockKind.FULL))
            .as("%s says %s, but (%d, %d) is %s", mask, kind, query, key, allowed)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void the_laws_of_logic_hold(AttentionMask mask) {
    AttentionMask other = AttentionMask.slidingWindow(4);
    assertSame(mask.not().not(), mask);
    assertSame(mask.and(other).not(), mask.not().or(other.not()));
    assertSame(mask.or(other).not(), mask.not().and(other.not()));
    assertSame(mask.and(AttentionMask.full()), mask);
    assertSame(mask.or(AttentionMask.full()), AttentionMask.full());
    assertSame(mask.and(mask.not()), AttentionMask.full().not());
  }

  private static void assertSame(AttentionMask a, AttentionMask b) {
    try (TensorScope scope = TensorScope.open()) {
      assertThat(written(a)).isEqualTo(written(b));
    }
  }

  private static boolean[] written(AttentionMask mask) {
    return mask.toTensor(BATCHES, HEADS, QUERIES, KEYS)
        .expand(BATCHES, HEADS, QUERIES, KEYS)
        .toBooleanArray();
  }

  @ParameterizedTest
  @MethodSource("each")
  void masks_that_say_so_do_not_depend_on_batch_and_head(AttentionMask mask) {
    for (int query = KEYS - QUERIES; query < KEYS; query++) {
      for (int key = 0; key < KEYS; key++) {
        boolean first = mask.allows(0, 0, query, key);
        assertThat(mask.dependsOnBatch() || mask.allows(1, 0, query, key) == first).isTrue();
        assertThat(mask.dependsOnHead() || mask.allows(0, 2, query, key) == first).isTrue();
      }
    }
  }

  @Test
  void equal_masks_share_a_schedule() {
    Map<String, AttentionMask> again = masks();
    masks()
        .forEach((name, mask) -> {
          if (!name.equals("lambda")) {
            assertThat(mask).as(name).isEqualTo(again.get(name)).hasSameHashCodeAs(again.get(name));
          }
        });
  }

  @Test
  void pictures_show_what_the_words_say() {
    assertThat(AttentionMask.causal().picture(2, 3)).isEqualTo("##.\n###\n");
    assertThat(AttentionMask.slidingWindow(2).picture(3, 3)).isEqualTo("#..\n##.\n.##\n");
    assertThat(AttentionMask.dilatedWindow(1, 1, 2).picture(3, 3)).isEqualTo("#.#\n.#.\n#.#\n");
    assertThat(AttentionMask.chunks(2, java.util.List.of(1)).picture(4, 4))
        .isEqualTo("#...\n.##.\n.##.\n...#\n");
    assertThat(AttentionMask.prefix(2).picture(3, 3)).isEqualTo("##.\n##.\n###\n");
    assertThat(AttentionMask.lengths(1).picture(1, 3)).isEqualTo("#..\n");
  }

  @Test
  void more_queries_than_keys_leave_the_first_ones_without() {
    assertThat(AttentionMask.causal().picture(4, 2)).isEqualTo("..\n..\n#.\n##\n");
  }

  @Test
  void what_cannot_be_a_mask_is_refused() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor row = Tensor.of(new boolean[] {true, false}, 2);
      assertThatThrownBy(() -> AttentionMask.padding(row))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("padding: expected a tensor [B, Tk], got bool[2]");
      assertThatThrownBy(() -> AttentionMask.slidingWindow(0))
          .hasMessageContaining(
              "sliding window: expected a width from 1, which is the query itself, got 0");
      assertThatThrownBy(() -> AttentionMask.dense(row))
          .hasMessageContaining("dense mask: expected [Tq, Tk]");
    }
  }
}
