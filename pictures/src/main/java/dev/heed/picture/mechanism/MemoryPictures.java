package dev.heed.picture.mechanism;

import dev.heed.adapt.PrefixAttention;
import dev.heed.adapt.PrefixTuning;
import dev.heed.mixer.memory.CompressiveAttention;
import dev.heed.mixer.memory.CompressiveAttention.Memory;
import dev.heed.mixer.memory.TransformerXlAttention;
import dev.heed.model.retro.ChunkedCrossAttention;
import dev.heed.model.retro.RetroAttention;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Mechanisms with a memory: which columns are memory, and the weights over all of them. */
final class MemoryPictures {
  private static final int N = Sample.LENGTH;

  private MemoryPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("transformer-xl", MemoryPictures::transformerXl);
    recipes.put("compressive-transformer", MemoryPictures::compressive);
    recipes.put("retro", MemoryPictures::retro);
    recipes.put("prefix-tuning", MemoryPictures::prefix);
  }

  private static List<String> names(int from, int to) {
    return Sample.words("").names().subList(from, to);
  }

  private static Tensor identities(int times) {
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      parts.add(Tensor.eye(N, DType.F64));
    }
    return Tensor.cat(parts, 0);
  }

  private static List<Panel> transformerXl(Sample sample) {
    int memory = 14;
    TransformerXlAttention attention =
        new TransformerXlAttention(
            sample.weights("xl"),
            sample.weights("biases"),
            new TransformerXlAttention.Size(N, 1, N, false));
    Sample.parameter(attention, "qkv_net.weight").assign(identities(3));
    Tensor x = sample.vectors(N);
    Tensor weights =
        attention.apply(x.narrow(1, memory, N - memory), x.narrow(1, 0, memory)).requireWeights();
    return List.of(
        MapPanel.of(
            "a segment of 10 with a memory of 14",
            MapKind.SOFTMAX,
            Axis.of("queries: the segment", names(memory, N)),
            Sample.words("keys")
                .withBands(new Axis.Band("memory", 0, memory), new Axis.Band("segment", memory, N)),
            weights.select(0, 0).select(0, 0)));
  }

  /** The convolution is the mean of two steps. */
  private static List<Panel> compressive(Sample sample) {
    CompressiveAttention attention =
        new CompressiveAttention(
            sample.weights("compressive"), new CompressiveAttention.Size(N, 1, 8, 4, 2));
    Sample.parameter(attention, "to_q.weight").assign(identities(1));
    Sample.parameter(attention, "to_kv.weight").assign(identities(2));
    Tensor mean = Tensor.eye(N, DType.F64).unsqueeze(2).expand(-1, -1, 2).div(2);
    Sample.parameter(attention, "compress_mem_fn.conv.weight").assign(mean);
    Sample.parameter(attention, "compress_mem_fn.conv.bias").fill(0);
    Tensor x = sample.vectors(N);
    Tensor positions = sample.normal(1, N, N).mul(0.2);
    Memory memory = Memory.none(x);
    Tensor weights = x;
    for (int segment = 0; segment < 3; segment++) {
      CompressiveAttention.Result result =
          attention.apply(x.narrow(1, 8L * segment, 8), memory, positions);
      memory = result.memory();
      weights = result.weights();
    }
    List<String> columns = new ArrayList<>();
    for (int pair = 0; pair < 8; pair += 2) {
      columns.add(names(pair, pair + 1).getFirst() + "+" + names(pair + 1, pair + 2).getFirst());
    }
    columns.addAll(names(8, N));
    return List.of(
        MapPanel.of(
            "the third segment of 8: two steps of the first are one column each",
            MapKind.SOFTMAX,
            Axis.of("queries: the segment", names(16, N)),
            Axis.of("keys", columns)
                .withBands(
                    new Axis.Band("compressed", 0, 4),
                    new Axis.Band("memory", 4, 12),
                    new Axis.Band("segment", 12, 20)),
            weights.select(0, 0).select(0, 0)));
  }

  /** Each chunk's first neighbour is the chunk itself backwards, the second is drawn. */
  private static List<Panel> retro(Sample sample) {
    int chunk = 6;
    int chunks = N / chunk;
    ChunkedCrossAttention attention =
        new ChunkedCrossAttention(
            sample.weights("retro"),
            new RetroAttention.Size(N, N, 1, N, false, true),
            chunk,
            false);
    Sample.parameter(attention, "to_q.weight").assign(identities(1));
    Sample.parameter(attention, "to_k.weight").assign(identities(1));
    Tensor x = sample.vectors(N);
    Tensor same = x.reshape(1, chunks, 1, chunk, N).flip(3);
    Tensor neighbours =
        Tensor.cat(List.of(same, sample.normal(1, chunks, 1, chunk, N).mul(0.7)), 2);
    Tensor frequencies = Tensor.of(new double[] {1, 0.1, 0.01, 0.001});
    Tensor read = attention.apply(x, neighbours, null, frequencies).requireWeights();
    int columns = 1 + 2 * chunk;
    Tensor rows = read.reshape(N, columns).narrow(0, 0, N - chunk + 1L);
    List<String> names = new ArrayList<>(List.of("null"));
    for (int place = 0; place < 2 * chunk; place++) {
      names.add(String.valueOf(place % chunk));
    }
    return List.of(
        MapPanel.of(
            "each token reads the neighbours of the last whole chunk; the first 5 have none",
            MapKind.SOFTMAX,
            Sample.words("queries")
                .withBands(
                    new Axis.Band("none", 0, chunk - 1),
                    new Axis.Band("of chunk 0", 5, 11),
                    new Axis.Band("of chunk 1", 11, 17),
                    new Axis.Band("of chunk 2", 17, 23),
                    new Axis.Band("of chunk 3", 23, 24)),
            Axis.of("keys: a learned one, then the neighbours' tokens", names)
                .withBands(
                    new Axis.Band("null", 0, 1),
                    new Axis.Band("neighbour 0", 1, 1 + chunk),
                    new Axis.Band("neighbour 1", 1 + chunk, columns)),
            rows.pad(0, 0, 0, chunk - 1L, 0)));
  }

  private static List<Panel> prefix(Sample sample) {
    int length = 4;
    PrefixTuning tuning =
        new PrefixTuning(sample.weights("prefix"), new PrefixTuning.Layout(length, 1, 1, N, 16));
    Sample.parameter(tuning, "control_trans.2.bias").mulInPlace(8);
    PrefixAttention prefix = tuning.prefixes(1).getFirst();
    Tensor x = sample.head(N);
    Tensor weights = prefix.attend(x, x, x, true).requireWeights();
    List<String> columns = new ArrayList<>(List.of("P0", "P1", "P2", "P3"));
    columns.addAll(names(0, N));
    return List.of(
        MapPanel.of(
            "4 trained keys before the text, which is read causally",
            MapKind.SOFTMAX,
            Sample.words("queries"),
            Axis.of("keys", columns)
                .withBands(
                    new Axis.Band("prefix", 0, length), new Axis.Band("text", length, length + N)),
            weights.select(0, 0).select(0, 0)));
  }
}
