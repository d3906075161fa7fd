package dev.heed.model.vitmae;

import dev.heed.attention.AttentionRequest;
import dev.heed.model.Run;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.Head;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.VitConfig;
import dev.heed.model.vit.VitLayers;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paints every patch from those that were read: {@code logits [B, patches, patch² · channels]}. The
 * loss is the mean squared error over the hidden ones.
 */
final class VitMaeDecoder extends Module implements Head {
  private final Linear embed;
  private final Tensor mask;
  private final Tensor positions;
  private final List<TransformerLayer> layers = new ArrayList<>();
  private final LayerNorm norm;
  private final Linear pixels;
  private final ImageSize patch;
  private final boolean normalised;

  VitMaeDecoder(
      Weights weights, VitConfig encoder, VitMaeConfig config, ImageSize image, ImageSize patch) {
    super(weights);
    VitConfig decoder = config.decoder(encoder);
    long size = decoder.hiddenSize();
    ImageSize grid = image.over(patch);
    this.embed = Linear.of(weights.child("decoder_embed"), encoder.hiddenSize(), size);
    this.mask = weights.parameter("mask_token", Initializer.normal(0.02), 1, 1, size);
    this.positions =
        weights.buffer("decoder_pos_embed", GridSines.of(grid, size), 1, 1L + grid.count(), size);
    for (int i = 0; i < decoder.numHiddenLayers(); i++) {
      layers.add(VitLayers.layer(weights.child("decoder_layers", i), decoder));
    }
    this.norm = new LayerNorm(weights.child("decoder_norm"), size, decoder.layerNormEps());
    this.pixels =
        Linear.of(
            weights.child("decoder_pred"), size, (long) patch.count() * encoder.numChannels());
    this.patch = patch;
    this.normalised = config.normPixLoss();
  }

  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor x = complete(embed.apply(hidden), run.value("ids_restore")).add(positions);
    for (TransformerLayer layer : layers) {
      x = layer.apply(x, new LayerCall(AttentionRequest.of(null, run.trace())));
    }
    Tensor painted = pixels.apply(norm.apply(x));
    Tensor logits = painted.narrow(1, 1, painted.size(1) - 1);
    run.put("logits", logits);
    run.put("loss", loss(logits, run.input().require("pixel_values"), run.value("mask")));
  }

  /** All patches in their places, hidden ones as the mask's vector. */
  private Tensor complete(Tensor read, Tensor back) {
    long size = read.size(2);
    long patches = back.size(1);
    long kept = read.size(1) - 1;
    Tensor unknown = mask.expand(read.size(0), patches - kept, size);
    Tensor all = Tensor.cat(List.of(read.narrow(1, 1, kept), unknown), 1);
    Tensor placed = all.gather(1, back.unsqueeze(-1).expand(back.size(0), patches, size));
    return Tensor.cat(List.of(read.narrow(1, 0, 1), placed), 1);
  }

  private Tensor loss(Tensor logits, Tensor images, Tensor hidden) {
    Tensor target = patches(images);
    if (normalised) {
      Tensor deviation = target.var(-1, true, true).add(1e-6).sqrt();
      target = target.sub(target.mean(-1, true)).div(deviation);
    }
    Tensor each = logits.sub(target).square().mean(-1, false);
    return each.mul(hidden).sum().div(hidden.sum());
  }

  /** {@code [B, C, H, W]} as {@code [B, patches, rows · columns · C]}. */
  private Tensor patches(Tensor images) {
    long rows = images.size(2) / patch.height();
    long columns = images.size(3) / patch.width();
    return images
        .unflatten(2, rows, patch.height())
        .unflatten(4, columns, patch.width())
        .permute(0, 2, 4, 3, 5, 1)
        .flatten(3, 5)
        .flatten(1, 2);
  }
}
