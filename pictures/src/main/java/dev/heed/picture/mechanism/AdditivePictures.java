package dev.heed.picture.mechanism;

import dev.heed.attention.additive.HierarchicalAttention;
import dev.heed.attention.additive.LuongAttention;
import dev.heed.attention.additive.LuongAttention.Locality;
import dev.heed.attention.additive.LuongAttention.Score;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Alignments of recurrent encoders and decoders. */
final class AdditivePictures {
  private static final int N = Sample.LENGTH;
  private static final int TARGET = 12;

  private AdditivePictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("bahdanau", AdditivePictures::bahdanau);
    recipes.put("luong", AdditivePictures::luong);
    recipes.put("hierarchical-attention", AdditivePictures::hierarchical);
  }

  private static Axis target() {
    return Sample.words("target", TARGET);
  }

  private static List<Panel> bahdanau(Sample sample) {
    sample.describe("computed by a small translator, trained on 64,000 sentences of a grammar");
    try (TrainedTranslator translator = TrainedTranslator.open()) {
      return List.of(
          alignment(
              translator,
              "trained: adjectives change places",
              "the red cat sees the strange mouse and the quick cow eats the yellow flower"),
          alignment(
              translator,
              "trained: word for word",
              "the cat sees the mouse under the flower and the dog follows the cow"));
    }
  }

  private static MapPanel alignment(TrainedTranslator translator, String title, String sentence) {
    List<String> english = List.of(sentence.split(" "));
    List<String> french = translator.translate(english);
    return MapPanel.of(
        title,
        MapKind.SOFTMAX,
        Axis.of("written", french),
        Axis.of("read", english),
        translator.alignment(english, french));
  }

  private static List<Panel> luong(Sample sample) {
    return List.of(
        alignment(sample, "global, dot", Locality.GLOBAL),
        alignment(sample, "local-m, D = 3: the window moves on", Locality.LOCAL_M),
        alignment(sample, "local-p, D = 3: the query predicts it", Locality.LOCAL_P));
  }

  private static MapPanel alignment(Sample sample, String title, Locality locality) {
    LuongAttention attention =
        new LuongAttention(
            sample.weights(locality.name()), new LuongAttention.Config(N, Score.DOT, locality, 3));
    Tensor source = sample.vectors(N);
    Tensor memory = source.div(Math.sqrt(N));
    Tensor weights =
        attention
            .apply(source.narrow(1, 0, TARGET), memory, Tensor.of(new long[] {N}, 1), 0)
            .alignment()
            .weights();
    MapKind kind = locality == Locality.LOCAL_P ? MapKind.NOT_SOFTMAX : MapKind.SOFTMAX;
    return MapPanel.of(title, kind, target(), Sample.words("source"), weights.select(0, 0));
  }

  /** The sentence of the example, cut into four of 6, 5, 6 and 4 words. */
  private static List<Panel> hierarchical(Sample sample) {
    int longest = 6;
    long[] lengths = {6, 5, 6, 4};
    HierarchicalAttention reader = new HierarchicalAttention(sample.weights("reader"), N, longest);
    Sample.parameter(reader, "words.attention.context").mulInPlace(8);
    Sample.parameter(reader, "sentences.attention.context").mulInPlace(8);
    Tensor x = sample.vectors(N).reshape(1, lengths.length, longest, N);
    HierarchicalAttention.Reading reading = reader.apply(x, Tensor.of(lengths, 1, lengths.length));
    Axis sentences = Axis.numbered("sentence", lengths.length);
    Axis words = Axis.numbered("word", longest);
    return List.of(
        MapPanel.of(
            "words within each sentence, untrained",
            MapKind.SOFTMAX,
            sentences,
            words,
            reading.words().select(0, 0)),
        MapPanel.of(
            "weights of the sentences",
            MapKind.SOFTMAX,
            Axis.of("", List.of("document")),
            sentences,
            reading.sentences()),
        MapPanel.of(
            "each word's share in the document: both weights' product",
            MapKind.NUMBERS,
            sentences,
            words,
            reading.shares().select(0, 0)));
  }
}
