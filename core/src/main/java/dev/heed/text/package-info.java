/**
 * Text to tokens and back, in Java, from the files that checkpoints ship.
 *
 * <p>Offsets are UTF-16 indices of the Java string. Truncation and padding happen only when asked
 * for. What a file says and Heed does not honour is refused by its name.
 *
 * <p>{@link dev.heed.text.Tokenizer} is what a user needs. Behind it a text goes through the
 * packages below: {@code align} (text that knows where it came from), {@code normalizer}, {@code
 * pretokenizer} (both use {@code pattern}), {@code subword} (the models), {@code postprocessor};
 * and back through {@code decoder}. {@code pipeline} puts them in order, {@code source} reads them
 * from files.
 *
 * <p>Properties of characters, normal forms and graphemes are those of the running JDK (Unicode 16
 * in JDK 25). The libraries that made the recorded references carry older tables, and some of them
 * newer ones: characters that Unicode added or reclassified since its version 8 may be cut
 * otherwise there.
 *
 * {@snippet :
 * Tokenizer tokenizer = Tokenizer.open(Path.of("checkpoint"));
 * long[] ids = tokenizer.encode("It was too tired.").truncatedTo(128).ids();
 * }
 */
@NullMarked
package dev.heed.text;

import org.jspecify.annotations.NullMarked;
