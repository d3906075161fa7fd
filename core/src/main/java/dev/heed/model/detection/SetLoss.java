package dev.heed.model.detection;

import dev.heed.model.Default;
import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of found objects against those there are, after the cheapest matching of the two (Carion
 * et al. 2020, section 3.1), named as in a {@code config.json}.
 *
 * @param classCost weight of the class in matching
 * @param bboxCost weight of the boxes' distance in matching
 * @param giouCost weight of their overlap in matching
 * @param bboxLossCoefficient weight of the boxes' distance in the loss
 * @param giouLossCoefficient weight of their overlap in the loss
 * @param eosCoefficient weight of "no object" among the classes
 * @param auxiliaryLoss whether each earlier layer's results count too
 */
public record SetLoss(
    @Default("1") double classCost,
    @Default("5") double bboxCost,
    @Default("2") double giouCost,
    @Default("5") double bboxLossCoefficient,
    @Default("2") double giouLossCoefficient,
    @Default("0.1") double eosCoefficient,
    @Default("false") boolean auxiliaryLoss) {
  /** The objects of one image. */
  private record Objects(Tensor classes, Tensor boxes) {}

  /**
   * What a layer's states say of the objects.
   *
   * @param logits {@code [B, queries, classes + 1]}, the last one for no object
   * @param boxes {@code [B, queries, 4]}
   */
  public record Found(Tensor logits, Tensor boxes) {
    /** Sixteen bits are too few for places within a pixel. */
    Found exact() {
      return new Found(exact(logits), exact(boxes));
    }

    private static Tensor exact(Tensor x) {
      return x.dtype().bytes() < DType.F32.bytes() ? x.to(DType.F32) : x;
    }
  }

  /**
   * Puts {@code loss} and {@code loss_dict.*} into a run whose input has {@code
   * labels.IMAGE.class_labels} i64 {@code [n]} and {@code labels.IMAGE.boxes} {@code [n, 4]}.
   *
   * @param last of the last layer
   * @param earlier of the layers before, which count as much, each matched by itself
   */
  public void put(Run run, Found last, List<Found> earlier) {
    List<Objects> objects = objects(run.input());
    if (objects.isEmpty()) {
      return;
    }
    Tensor loss = put(run, last.exact(), objects, "");
    for (int layer = 0; layer < earlier.size(); layer++) {
      loss = loss.add(put(run, earlier.get(layer).exact(), objects, "_" + layer));
    }
    run.put("loss", loss);
  }

  /** Puts the parts of one layer's loss under names that end so; returns their weighted sum. */
  private Tensor put(Run run, Found given, List<Objects> objects, String end) {
    Tensor logits = given.logits();
    Tensor boxes = given.boxes();
    long none = logits.size(2) - 1;
    long[] targets = new long[Math.toIntExact(logits.size(0) * logits.size(1))];
    Arrays.fill(targets, none);
    List<Tensor> found = new ArrayList<>();
    List<Tensor> wanted = new ArrayList<>();
    long count = 0;
    for (int image = 0; image < objects.size(); image++) {
      Objects own = objects.get(image);
      long[] classes = own.classes().toLongArray();
      count += classes.length;
      if (classes.length == 0) {
        continue;
      }
      int[] queries = Assignment.of(cost(logits.select(0, image), boxes.select(0, image), own));
      long[] rows = new long[queries.length];
      for (int i = 0; i < queries.length; i++) {
        rows[i] = queries[i];
        targets[Math.toIntExact(image * logits.size(1)) + queries[i]] = classes[i];
      }
      found.add(boxes.select(0, image).indexSelect(0, Tensor.of(rows, rows.length)));
      wanted.add(own.boxes().to(boxes.dtype()));
    }
    double boxesThere = Math.max(1, count);
    Tensor classLoss = classes(logits.flatten(0, 1), Tensor.of(targets, targets.length), none);
    Tensor distance = Tensor.scalar(0, logits.dtype());
    Tensor overlap = Tensor.scalar(0, logits.dtype());
    if (!found.isEmpty()) {
      Tensor all = Tensor.cat(found, 0);
      Tensor there = Tensor.cat(wanted, 0);
      distance = all.sub(there).abs().sum().div(boxesThere);
      overlap =
          Boxes.generalised(Boxes.corners(all), Boxes.corners(there))
              .neg()
              .add(1)
              .sum()
              .div(boxesThere);
    }
    run.put("loss_dict.loss_ce" + end, classLoss);
    run.put("loss_dict.loss_bbox" + end, distance);
    run.put("loss_dict.loss_giou" + end, overlap);
    run.put("loss_dict.cardinality_error" + end, cardinality(logits, objects, none));
    return classLoss.add(distance.mul(bboxLossCoefficient)).add(overlap.mul(giouLossCoefficient));
  }

  private static List<Objects> objects(ModelInput input) {
    List<Objects> objects = new ArrayList<>();
    for (int image = 0; input.has("labels." + image + ".boxes"); image++) {
      objects.add(
          new Objects(
              input.require("labels." + image + ".class_labels"),
              input.require("labels." + image + ".boxes")));
    }
    return objects;
  }

  /** What it costs that a query stands for an object: {@code [queries][objects]}. */
  private double[][] cost(Tensor logits, Tensor boxes, Objects own) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor shares = logits.detach().softmax(-1).indexSelect(1, own.classes());
      Tensor each = boxes.detach().unsqueeze(1);
      Tensor there = own.boxes().to(boxes.dtype()).unsqueeze(0);
      Tensor distance = each.sub(there).abs().sum(-1, false);
      Tensor overlap = Boxes.generalised(Boxes.corners(each), Boxes.corners(there));
      Tensor cost = distance.mul(bboxCost).sub(shares.mul(classCost)).sub(overlap.mul(giouCost));
      double[] flat = cost.contiguous().toDoubleArray();
      int columns = Math.toIntExact(cost.size(1));
      double[][] rows = new double[Math.toIntExact(cost.size(0))][columns];
      for (int i = 0; i < flat.length; i++) {
        rows[i / columns][i % columns] = flat[i];
      }
      return rows;
    }
  }

  /** The weighted mean cross entropy, in which no object weighs less. */
  private Tensor classes(Tensor logits, Tensor targets, long none) {
    Tensor chosen = logits.logSoftmax(-1).gather(1, targets.unsqueeze(-1)).squeeze(1).neg();
    Tensor empty = targets.eq(none).to(logits.dtype());
    Tensor weights = empty.mul(eosCoefficient - 1).add(1);
    return chosen.mul(weights).sum().div(weights.sum());
  }

  /** How far the number of found objects is from that of those there are. */
  private static Tensor cardinality(Tensor logits, List<Objects> objects, long none) {
    Tensor found = logits.argmax(-1, false).ne(none).to(DType.I64).sum(1, false).to(logits.dtype());
    double[] there = objects.stream().mapToDouble(own -> own.classes().elements()).toArray();
    return found.sub(Tensor.of(there, there.length).to(logits.dtype())).abs().mean();
  }
}
