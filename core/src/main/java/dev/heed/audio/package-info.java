/**
 * The sound front end: files to samples, samples to the features that a checkpoint's {@code
 * preprocessor_config.json} asks for.
 *
 * <p>Samples lie in [-1, 1]. WAV and FLAC are read here in Java; sampling rates are changed with a
 * windowed sinc; channels are mixed by their mean. Spectra are computed in double precision.
 *
 * {@snippet :
 * SoundProcessor processor = SoundProcessor.read(folder.resolve("preprocessor_config.json"));
 * SoundBatch batch = processor.process(List.of(SoundFile.read(Path.of("voice.flac"))));
 * }
 */
@NullMarked
package dev.heed.audio;

import org.jspecify.annotations.NullMarked;
