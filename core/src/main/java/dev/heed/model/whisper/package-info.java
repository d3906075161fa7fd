/**
 * Whisper (Radford et al. 2023): two convolutions over a log-mel spectrogram, an encoder with fixed
 * positions, a decoder with learned ones, norms before each part, keys without a bias.
 */
@NullMarked
package dev.heed.model.whisper;

import org.jspecify.annotations.NullMarked;
