/**
 * Checkpoints, configs and recorded references: the one place where bytes that nobody vouches for
 * are parsed.
 *
 * <p>Every reader checks a declared size against the bytes that are there before it allocates, runs
 * no code from a file, and reports what is wrong as a {@link
 * dev.heed.checkpoint.CheckpointException} whose message says what was expected, what was found,
 * and what to do. Names are the checkpoint's own. Files are mapped, so opening a large one is cheap
 * and reading one tensor touches only its bytes.
 *
 * {@snippet :
 * try (SafetensorsFile file = SafetensorsFile.open(Path.of("model.safetensors"))) {
 *   file.tensors().values().forEach(System.out::println);
 * }
 * }
 */
@NullMarked
package dev.heed.checkpoint;

import org.jspecify.annotations.NullMarked;
