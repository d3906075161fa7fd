package dev.heed.model.segformer;

import dev.heed.model.Run;
import dev.heed.model.block.GridTokens;
import dev.heed.nn.BatchNorm;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Interpolation;
import dev.heed.tensor.Loss;
import dev.heed.tensor.LossReduction;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The class of every place: all stages brought to one size and to the first stage's grid, joined
 * and classified (Xie et al. 2021, section 3.2, equation 4).
 */
final class SegmentationHead extends Module {
  private final List<Linear> maps;
  private final Conv2d fuse;
  private final BatchNorm norm;
  private final Conv2d classifier;
  private final Dropout dropout;
  private final SegformerConfig config;

  SegmentationHead(Weights weights, SegformerConfig config, int classes) {
    super(weights);
    int size = config.decoderHiddenSize();
    int stages = config.numEncoderBlocks();
    this.config = config;
    this.maps =
        IntStream.range(0, stages)
            .mapToObj(i ->
                Linear.of(
                    weights.child("linear_c", i).child("proj"), config.hiddenSizes().get(i), size))
            .toList();
    this.fuse =
        new Conv2d(
            weights.child("linear_fuse"), (long) size * stages, size, 1, Geometry.PLAIN, false);
    this.norm = new BatchNorm(weights.child("batch_norm"), size);
    this.classifier =
        new Conv2d(weights.child("classifier"), size, classes, 1, Geometry.PLAIN, true);
    this.dropout = new Dropout(config.classifierDropoutProb());
  }

  /** Gives {@code logits [B, classes, rows, columns]} of the first stage's grid, and the loss. */
  void apply(Run run, List<GridTokens> stages) {
    List<Tensor> brought = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      GridTokens stage = stages.get(i);
      brought.addFirst(
          Interpolation.bilinear(
              stage.with(maps.get(i).apply(stage.tokens())).map(),
              stages.getFirst().grid().height(),
              stages.getFirst().grid().width(),
              false));
    }
    Tensor joined = norm.apply(fuse.apply(Tensor.cat(brought, 1)), run.trace()).relu();
    Tensor logits = classifier.apply(dropout.apply(joined, run.trace()));
    run.put("logits", logits);
    Tensor labels = run.input().get("labels");
    if (labels != null) {
      run.put("loss", loss(logits, labels));
    }
  }

  /**
   * Of every labelled pixel.
   *
   * @param labels i64 {@code [B, height, width]}
   */
  private Tensor loss(Tensor logits, Tensor labels) {
    Tensor pixels = Interpolation.bilinear(logits, labels.size(-2), labels.size(-1), false);
    long ignored = config.semanticLossIgnoreIndex();
    if (logits.size(1) > 1) {
      return Loss.crossEntropy(pixels, labels, ignored, 0);
    }
    Tensor labelled = labels.ge(0).and(labels.ne(ignored)).to(logits.dtype());
    return Loss.binaryCrossEntropy(
        pixels.squeeze(1), labels.to(logits.dtype()), labelled, null, LossReduction.MEAN);
  }
}
