package dev.heed.model.transformerxl;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of tokens in clusters: {@code log p(t) = log p(t | head)} for frequent ones,
 * and {@code log p(cluster | head) + log p(t | cluster)} for the others (Grave et al. 2017, section
 * 4), by vectors that may be those of the embedding.
 */
final class AdaptiveSoftmax extends Module {
  private static final long IGNORED = -100;

  private final VocabularyClusters clusters;
  private final List<Tensor> tables = new ArrayList<>();
  private final List<Tensor> biases = new ArrayList<>();
  private final List<@Nullable Tensor> maps = new ArrayList<>();
  private final @Nullable Tensor clusterTable;
  private final @Nullable Tensor clusterBias;

  /**
   * With {@code out_layers.c}, {@code out_projs.c [size, own]}, {@code cluster_weight} and {@code
   * cluster_bias}.
   *
   * @param embedding whose tables and maps may be shared
   * @param size of the states
   * @param tied whether tables are
   * @param tiedMaps whether a cluster's map is
   */
  AdaptiveSoftmax(
      Weights weights,
      VocabularyClusters clusters,
      AdaptiveEmbedding embedding,
      int size,
      boolean tied,
      List<Boolean> tiedMaps) {
    super(weights);
    this.clusters = clusters;
    Initializer normal = Initializer.normal(0.02);
    for (int i = 0; i < (clusters.shared() ? 1 : clusters.count()); i++) {
      Weights layer = weights.child("out_layers", i);
      Tensor table = embedding.table(i);
      if (tied) {
        layer.requireTied("weight", table);
      }
      tables.add(tied ? table : layer.parameter("weight", normal, table.size(0), table.size(1)));
      biases.add(layer.parameter("bias", Initializer.ZEROS, table.size(0)));
    }
    for (int i = 0; i < clusters.count(); i++) {
      String name = "out_projs." + i;
      Tensor map = embedding.map(i);
      if (map == null) {
        maps.add(null);
      } else if (tiedMaps.get(i)) {
        weights.requireTied(name, map);
        maps.add(map);
      } else {
        maps.add(weights.parameter(name, normal, size, map.size(1)));
      }
    }
    boolean several = clusters.count() > 1;
    long further = clusters.count() - 1L;
    this.clusterTable =
        several ? weights.parameter("cluster_weight", normal, further, clusters.embedding()) : null;
    this.clusterBias =
        several ? weights.parameter("cluster_bias", Initializer.ZEROS, further) : null;
  }

  /** Log-probabilities {@code [..., vocabulary]} of states {@code [..., size]}. */
  Tensor apply(Tensor states) {
    return TensorScope.run(() -> {
      Tensor head = head(states);
      if (clusters.count() == 1) {
        return head;
      }
      List<Tensor> parts = new ArrayList<>(List.of(head.narrow(-1, 0, clusters.words(0))));
      for (int i = 1; i < clusters.count(); i++) {
        parts.add(ofCluster(head, i).add(within(states, i)));
      }
      return Tensor.cat(parts, -1);
    });
  }

  /**
   * What each label costs: its negative log-probability, of which only the label's cluster is
   * computed.
   *
   * @param states {@code [n, size]}
   * @param labels i64 {@code [n]}; -100 costs nothing
   * @return {@code [n]}
   */
  Tensor losses(Tensor states, Tensor labels) {
    return TensorScope.run(() -> {
      Tensor losses = Tensor.zeros(Shape.of(labels.size(0)), states.dtype());
      for (int i = 0; i < clusters.count(); i++) {
        Tensor rows = rows(labels, i);
        if (rows.size(0) > 0) {
          Tensor own = states.indexSelect(0, rows);
          Tensor place = labels.indexSelect(0, rows).sub(clusters.from(i)).unsqueeze(1);
          Tensor head = head(own);
          Tensor found =
              i == 0
                  ? head.gather(1, place)
                  : ofCluster(head, i).add(within(own, i).gather(1, place));
          losses = losses.indexAdd(0, rows, found.squeeze(1).neg());
        }
      }
      return losses;
    });
  }

  private Tensor rows(Tensor labels, int cluster) {
    int from = clusters.from(cluster);
    boolean last = cluster == clusters.count() - 1;
    // A label beyond the vocabulary falls to the last cluster, where it finds no place.
    Tensor after = cluster == 0 ? labels.ne(IGNORED) : labels.ge(from);
    Tensor within = last ? after : after.and(labels.lt(clusters.ends().get(cluster)));
    return within.nonzero().select(1, 0);
  }

  /** Log-probabilities of the first cluster's tokens, then of the other clusters. */
  private Tensor head(Tensor states) {
    Tensor table = table(0);
    Tensor bias = bias(0);
    if (clusterTable != null && clusterBias != null) {
      table = Tensor.cat(List.of(table, clusterTable), 0);
      bias = Tensor.cat(List.of(bias, clusterBias), 0);
    }
    return scores(states, table, bias, maps.getFirst()).logSoftmax(-1);
  }

  /** {@code [..., 1]}. */
  private Tensor ofCluster(Tensor head, int cluster) {
    return head.narrow(-1, clusters.words(0) + cluster - 1L, 1);
  }

  private Tensor within(Tensor states, int cluster) {
    return scores(states, table(cluster), bias(cluster), maps.get(cluster)).logSoftmax(-1);
  }

  private Tensor table(int cluster) {
    return clusters.shared()
        ? tables.getFirst().narrow(0, clusters.from(cluster), clusters.words(cluster))
        : tables.get(cluster);
  }

  private Tensor bias(int cluster) {
    return clusters.shared()
        ? biases.getFirst().narrow(0, clusters.from(cluster), clusters.words(cluster))
        : biases.get(cluster);
  }

  private static Tensor scores(Tensor states, Tensor table, Tensor bias, @Nullable Tensor map) {
    Tensor own = map == null ? states : states.matmul(map);
    return own.linear(table, bias);
  }
}
