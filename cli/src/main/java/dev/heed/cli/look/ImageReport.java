package dev.heed.cli.look;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.attention.position.Grid;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageFocus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --json} prints of an image.
 *
 * @param model which model read the image
 * @param image the file
 * @param height rows of pixels that the model saw
 * @param width columns of pixels that it saw
 * @param layers the layers that attend to places of the image
 * @param layer which of them is shown
 * @param queries rows and columns of the places that attend
 * @param keys rows and columns of the places that are attended to
 * @param before tokens in front of the places that attend
 * @param keysBefore tokens in front of the places that are attended to
 * @param focus whose attention is shown
 * @param head which head is shown, or null for the mean of all
 * @param places what each place gets there, row by row
 * @param elsewhere what tokens without a place get there
 * @param note what was not as the model's files say, if anything
 * @param attention exact weights of the layer as {@code [head][query][key]}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImageReport(
    String model,
    String image,
    int height,
    int width,
    List<String> layers,
    int layer,
    Grid queries,
    Grid keys,
    int before,
    int keysBefore,
    String focus,
    @Nullable Integer head,
    float[] places,
    double elsewhere,
    @Nullable String note,
    float[][][] attention) {
  static ImageReport of(String model, String image, ImageFocus focus) {
    ImageAttention seen = focus.attention();
    return new ImageReport(
        model,
        image,
        seen.image().height(),
        seen.image().width(),
        seen.layers().stream().map(ImageAttention.Layer::name).toList(),
        seen.layer(),
        seen.places().queries(),
        seen.places().keys(),
        seen.before(),
        seen.keysBefore(),
        focus.name(),
        focus.head() == ImageAttention.MEAN ? null : focus.head(),
        focus.places(),
        focus.elsewhere(),
        seen.note(),
        seen.weights());
  }
}
