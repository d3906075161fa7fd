package dev.heed.model.transformerxl;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Token vectors whose size depends on the cluster, mapped to one size: {@code √size · P_c · E_c[t]}
 * (Baevski and Auli 2019, section 3).
 */
final class AdaptiveEmbedding extends Module {
  private final VocabularyClusters clusters;
  private final int size;
  private final List<Tensor> tables = new ArrayList<>();
  private final List<Tensor> maps = new ArrayList<>();

  /**
   * With {@code emb_layers.c.weight} and, where sizes differ, {@code emb_projs.c [size, own]}.
   *
   * @param size of all vectors
   */
  AdaptiveEmbedding(Weights weights, VocabularyClusters clusters, int size) {
    super(weights);
    this.clusters = clusters;
    this.size = size;
    Initializer normal = Initializer.normal(0.02);
    int tablesOf = clusters.shared() ? 1 : clusters.count();
    for (int i = 0; i < tablesOf; i++) {
      long own = clusters.size(i);
      long words = clusters.shared() ? clusters.words() : clusters.words(i);
      tables.add(weights.child("emb_layers", i).parameter("weight", normal, words, own));
      if (!clusters.shared() || own != size) {
        maps.add(weights.parameter("emb_projs." + i, normal, size, own));
      }
    }
  }

  /** The table of a cluster, or of all. */
  Tensor table(int cluster) {
    return tables.get(clusters.shared() ? 0 : cluster);
  }

  /** How a cluster's vectors are mapped, {@code [size, own]}; null for not at all. */
  @Nullable Tensor map(int cluster) {
    return maps.isEmpty() ? null : maps.get(clusters.shared() ? 0 : cluster);
  }

  /** {@code [B, T, size]} of tokens i64 {@code [B, T]}. */
  Tensor apply(Tensor ids) {
    return TensorScope.run(() -> {
      Tensor scaled = clusters.shared() ? mapped(ids, 0) : byCluster(ids);
      return scaled.mul(Math.sqrt(size));
    });
  }

  private Tensor mapped(Tensor ids, int cluster) {
    Tensor own = table(cluster).embedding(ids, -1);
    Tensor map = map(cluster);
    return map == null ? own : own.linear(map, null);
  }

  private Tensor byCluster(Tensor ids) {
    Tensor flat = ids.flatten(0, 1);
    DType dtype = table(0).dtype();
    Tensor vectors = Tensor.zeros(Shape.of(flat.size(0), size), dtype);
    for (int i = 0; i < clusters.count(); i++) {
      Tensor rows = rows(flat, i);
      if (rows.size(0) > 0) {
        Tensor own = flat.indexSelect(0, rows).sub(clusters.from(i));
        vectors = vectors.indexAdd(0, rows, mapped(own, i));
      }
    }
    return vectors.unflatten(0, ids.size(0), ids.size(1));
  }

  /** Where tokens of a cluster stand, i64 {@code [n]}. */
  private Tensor rows(Tensor flat, int cluster) {
    // What is beyond the vocabulary falls to the last cluster, whose table refuses it.
    Tensor after = flat.ge(clusters.from(cluster));
    boolean last = cluster == clusters.count() - 1;
    Tensor within = last ? after : after.and(flat.lt(clusters.ends().get(cluster)));
    return within.nonzero().select(1, 0);
  }
}
