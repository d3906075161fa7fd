package dev.heed.explain.picture;

import dev.heed.attention.additive.BahdanauEncoderDecoder;
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

  /** Untrained, with a steeper energy, so that the weights differ. */
  private static List<Panel> bahdanau(Sample sample) {
    BahdanauEncoderDecoder model =
        new BahdanauEncoderDecoder(
            sample.weights("translator"), new BahdanauEncoderDecoder.Config(N, N, 16, 16, 1));
    Sample.parameter(model, "energy_layer.weight").mulInPlace(12);
    Sample.parameter(model, "query_layer.weight").mulInPlace(2);
    Sample.parameter(model, "key_layer.weight").mulInPlace(2);
    Tensor source = Tensor.arange(N, dev.heed.tensor.DType.I64).unsqueeze(0);
    Tensor lengths = Tensor.of(new long[] {N}, 1);
    Tensor weights = model.apply(source, lengths, source.narrow(1, 0, TARGET)).decoded().weights();
    return List.of(
        MapPanel.of(
            "alignment of a seeded, untrained translator",
            MapKind.SOFTMAX,
            target(),
            Sample.words("source"),
            weights.select(0, 0)));
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
            "weights of the words within each sentence, seeded, untrained",
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
