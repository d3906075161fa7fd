package dev.heed.retro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.Overfit;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.retro.Retro;
import dev.heed.model.retro.RetroConfig;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RETRO with neighbours of a datastore: what it may see, and that it uses what it sees. */
@Tag("integration")
class RetroLearningTest {
  private static final int WORDS = 13;
  private static final int CHUNK = 4;
  private static final int PADDING = WORDS;
  private static final int TEXTS = 24;

  @TempDir Path folder;

  private static Retro model(Generator random, DType dtype) {
    return new Retro(
        Weights.initialise(random, dtype),
        new RetroConfig(WORDS + 1, 16, 16, 1, 2, Set.of(1, 2), 2, 8, 4, CHUNK, 12, PADDING, false));
  }

  private static Tensor ids(Generator random, long... sizes) {
    return Tensor.randint(random, WORDS, dev.heed.tensor.Shape.of(sizes));
  }

  @Test
  void nothing_later_is_seen_within_chunks_and_across_them() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(29);
        Retro model = model(random, DType.F64)) {
      Tensor ids = ids(random, 1, 11);
      Tensor near = ids(random, 1, 2, 2, 2 * CHUNK);
      Tensor plain = model.apply(ids, near);
      for (int at = 1; at < 11; at++) {
        Tensor other = ids.copy();
        other.narrow(1, at, 11 - at).assign(ids(random, 1, 11 - at));
        TensorAssert.assertClose(
            model.apply(other, near).narrow(1, 0, at),
            plain.narrow(1, 0, at),
            new Tolerance(1e-12, 1e-12));
      }
    }
  }

  @Test
  void a_chunk_s_neighbours_are_read_from_its_last_token_on() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(31);
        Retro model = model(random, DType.F64)) {
      Tensor ids = ids(random, 1, 11);
      Tensor near = ids(random, 1, 2, 2, 2 * CHUNK);
      Tensor plain = model.apply(ids, near);
      for (int chunk = 0; chunk < 2; chunk++) {
        Tensor other = near.copy();
        other.narrow(1, chunk, 1).assign(near.narrow(1, chunk, 1).add(1).remainder(WORDS));
        Tensor changed = model.apply(ids, other);
        int first = (chunk + 1) * CHUNK - 1;
        TensorAssert.assertClose(
            changed.narrow(1, 0, first), plain.narrow(1, 0, first), new Tolerance(1e-12, 1e-12));
        double moved =
            changed.narrow(1, first, 1).sub(plain.narrow(1, first, 1)).abs().max().item();
        assertThat(moved).isGreaterThan(1e-6);
      }
    }
  }

  /** One bit a word: chunks of the same words are nearest to each other. */
  private static List<float[]> bags(List<long[]> chunks) {
    List<float[]> keys = new ArrayList<>();
    for (long[] chunk : chunks) {
      float[] key = new float[WORDS + 1];
      for (long word : chunk) {
        key[(int) word] += 1;
      }
      keys.add(key);
    }
    return keys;
  }

  /** Texts of two chunks, each there twice as documents of its own. */
  private Datastore twins(List<long[]> texts) {
    try (DatastoreBuilder builder =
        DatastoreBuilder.create(folder, CHUNK, RetroLearningTest::bags)) {
      for (int i = 0; i < texts.size(); i++) {
        builder.add(2L * i, texts.get(i));
        builder.add(2L * i + 1, texts.get(i));
      }
      builder.finish();
    }
    return Datastore.open(folder);
  }

  @Test
  void it_learns_to_read_the_neighbours_that_the_datastore_finds() {
    Random words = new Random(37);
    List<long[]> texts = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      texts.add(words.longs(2 * CHUNK, 0, WORDS).toArray());
    }
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(41);
        Datastore store = twins(texts);
        Retro model = model(random, DType.F32)) {
      long[] all = texts.stream().flatMapToLong(Arrays::stream).toArray();
      Tensor ids = Tensor.of(all, TEXTS, 2 * CHUNK);
      long[] documents = LongStream.range(0, TEXTS).map(i -> 2 * i).toArray();
      Retriever retriever = new Retriever(store, RetroLearningTest::bags, 1, PADDING);
      Tensor near = retriever.retrieve(ids, documents);
      // The twin's continuation is the text's own second chunk.
      TensorAssert.assertEqual(near.select(1, 0).select(1, 0), ids);
      Tensor others = near.roll(1, 0);
      double before = Overfit.loss(List.of(model), loss(model, ids, near), 0, 0.01);
      double right = Overfit.loss(List.of(model), loss(model, ids, near), 60, 0.01);
      double wrong = loss(model, ids, others).get().item();
      assertThat(right).isLessThan(0.5 * before);
      assertThat(right).as("beside neighbours of other texts").isLessThan(0.5 * wrong);
    }
  }

  /** Of the second chunk, the tokens that the first one's neighbours foretell. */
  private static Supplier<Tensor> loss(Retro model, Tensor ids, Tensor near) {
    return () ->
        TensorScope.run(() ->
            Overfit.crossEntropy(
                model.apply(ids, near).narrow(1, CHUNK - 1, CHUNK), ids.narrow(1, CHUNK, CHUNK)));
  }
}
