/** {@code heed doctor}: each finding says what was seen and, where it matters, what to do. */
@NullMarked
package dev.heed.cli.doctor;

import org.jspecify.annotations.NullMarked;
