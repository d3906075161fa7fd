/**
 * What a mechanism does, as a picture: its mask, its weights, the map that it amounts to, its
 * kernel or its memory, computed by the mechanism itself on a small seeded example.
 *
 * <p>In a map queries are rows from top to bottom, keys are columns from left to right. Every panel
 * says what its numbers are; a map that is no softmax is marked so ({@link
 * dev.heed.picture.mechanism.MapKind}).
 *
 * {@snippet :
 * MechanismPicture picture = MechanismPictures.of("linformer");
 * System.out.print(new PictureText(true, 80).draw(picture));
 * Files.write(Path.of("linformer.png"), PictureImage.draw(picture));
 * }
 */
@NullMarked
package dev.heed.picture.mechanism;

import org.jspecify.annotations.NullMarked;
