/**
 * The image front end: files to pixels, pixels to the tensors that a checkpoint's {@code
 * preprocessor_config.json} asks for.
 *
 * <p>Images are 8-bit RGB. Resizing is Pillow's: antialiased, in fixed point, the grey levels equal
 * to the last. Files are decoded by whatever {@link dev.heed.vision.ImageDecoder} is on the class
 * path, after their sizes are checked.
 *
 * {@snippet :
 * ImageProcessor processor = ImageProcessor.read(folder.resolve("preprocessor_config.json"));
 * RgbImage image = ImageDecoder.installed().read(Path.of("cat.jpg"));
 * ImageBatch batch = processor.process(List.of(image));
 * }
 */
@NullMarked
package dev.heed.vision;

import org.jspecify.annotations.NullMarked;
