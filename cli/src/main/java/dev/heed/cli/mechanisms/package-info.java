/** {@code heed mechanisms}: the catalogue, read from the pages in {@code docs/mechanisms}. */
@NullMarked
package dev.heed.cli.mechanisms;

import org.jspecify.annotations.NullMarked;
