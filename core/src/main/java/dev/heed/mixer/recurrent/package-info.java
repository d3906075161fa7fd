/**
 * What mixed sequences before attention, as peers of it: recurrent networks and convolutions over
 * {@code [B, T, size]}.
 *
 * <p>A state {@code [layers · directions, B, hidden]}, or a window of inputs, carries the past;
 * each causal form can also go token by token.
 */
@NullMarked
package dev.heed.mixer.recurrent;

import org.jspecify.annotations.NullMarked;
