package dev.heed.picture.mechanism;

import dev.heed.attention.additive.BahdanauDecoder.Decoded;
import dev.heed.attention.additive.BahdanauEncoderDecoder;
import dev.heed.attention.additive.BahdanauEncoderDecoder.Translated;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A translator of Bahdanau et al. (2015), small and trained: it knows {@code ENGLISH} and {@code
 * FRENCH} words of a grammar in which adjectives follow their nouns and articles agree with them.
 *
 * <p>It was trained on sentences drawn from the grammar; {@code TranslatorTrainingTest} holds the
 * grammar, trains it again, and checks that the stored one translates.
 */
final class TrainedTranslator implements AutoCloseable {
  /** The words it reads; their places are their ids. */
  static final List<String> ENGLISH =
      words(
          "<end> the cat dog fish mouse cow apple flower bread red sad quick yellow clean strange"
              + " sees eats takes likes draws follows and with under on");

  /** The words it writes; the first ends a sentence and begins it. */
  static final List<String> FRENCH =
      words(
          "<end> le la chat chien poisson souris vache pomme fleur pain rouge triste rapide jaune"
              + " propre étrange voit mange prend aime dessine suit et avec sous sur");

  static final BahdanauEncoderDecoder.Config CONFIG =
      new BahdanauEncoderDecoder.Config(ENGLISH.size(), FRENCH.size(), 16, 24, 1);

  private static final String FILE = "translator.safetensors";

  private final BahdanauEncoderDecoder model;

  private TrainedTranslator(BahdanauEncoderDecoder model) {
    this.model = model;
  }

  private static List<String> words(String list) {
    return List.of(list.split(" "));
  }

  /** The stored weights, in double. */
  static TrainedTranslator open() {
    try (SafetensorsFile file = SafetensorsFile.of(FILE, MemorySegment.ofArray(stored()))) {
      return new TrainedTranslator(
          new BahdanauEncoderDecoder(Weights.from(file, DType.F64), CONFIG));
    }
  }

  private static byte[] stored() {
    try (InputStream in = TrainedTranslator.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + FILE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a translation, the likeliest word each time.
   *
   * @param english words of {@link #ENGLISH}
   * @return words of {@link #FRENCH}, without the end
   */
  List<String> translate(List<String> english) {
    List<String> french = new ArrayList<>();
    int most = 2 * english.size() + 2;
    while (french.size() < most) {
      Tensor next = read(english, french).logProbabilities().select(1, french.size());
      int best = Math.toIntExact(next.argmax(-1, false).toLongArray()[0]);
      if (best == 0) {
        break;
      }
      french.add(FRENCH.get(best));
    }
    return french;
  }

  /** The weights of the source's words for each word written, {@code [written, source]}. */
  Tensor alignment(List<String> english, List<String> french) {
    Decoded decoded = read(english, french).decoded();
    return decoded.weights().select(0, 0).narrow(0, 0, french.size());
  }

  /** With the words written so far fed in after the beginning. */
  private Translated read(List<String> english, List<String> french) {
    long[] source = english.stream().mapToLong(ENGLISH::indexOf).toArray();
    long[] target = new long[french.size() + 1];
    for (int i = 0; i < french.size(); i++) {
      target[i + 1] = FRENCH.indexOf(french.get(i));
    }
    return model.apply(
        Tensor.of(source, 1, source.length),
        Tensor.of(new long[] {source.length}, 1),
        Tensor.of(target, 1, target.length));
  }

  @Override
  public void close() {
    model.close();
  }
}
